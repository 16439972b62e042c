"""The in-process client, as tests of others use it."""

import pytest

from mockportal.errors import UsageError
from mockportal.testing import Client


def test_call_gives_the_body(anna: Client) -> None:
    assert anna.call("getPortalUser")["data"]["email"] == "anna.berger@example.org"


def test_refusal_fails_the_call_unless_it_is_expected(nobody: Client) -> None:
    with pytest.raises(AssertionError, match="getPortalUser answered 401"):
        nobody.call("getPortalUser")

    assert "message" in nobody.call("getPortalUser", status=401)


@pytest.mark.parametrize(
    ("operation", "problem"),
    [
        ("getPortalUsr", "getPortalUsr: no such operation; did you mean 'getPortalUser'?"),
        ("getContract", "getContract: needs the path parameter 'id'"),
    ],
)
def test_call_that_cannot_be_made_is_one_clear_line(anna: Client, operation: str, problem: str) -> None:
    with pytest.raises(UsageError) as caught:
        anna.call(operation)

    assert str(caught.value) == problem
