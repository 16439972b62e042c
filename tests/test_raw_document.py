"""The mock without its overlay: the document asks for less there than the behaviours need."""

import pytest

from mockportal.engine.world import World
from mockportal.mock import Mock, Setup, load_mock
from mockportal.testing import Client
from tests.support.cases import cases
from tests.test_every_operation import WITH_BODY


@pytest.fixture(scope="module")
def raw() -> Mock:
    return load_mock(Setup(use_overlay=False))


@pytest.fixture
def client(raw: Mock) -> Client:
    return Client(raw, World("test", raw.scenario(None)))


@pytest.mark.parametrize("body", [None, {}], ids=["none", "empty"])
@pytest.mark.parametrize("name", WITH_BODY)
def test_body_without_anything_breaks_nothing(
    raw: Mock, client: Client, name: str, body: dict[str, str] | None
) -> None:
    case = cases(raw.spec, client.world.scenario)[name]

    reply = client.as_(case.token).exchange(name, body=body, **case.params).reply

    assert reply.status < 500, reply


def test_field_that_is_needed_is_named(client: Client) -> None:
    reply = client.as_("dev-admin").exchange("getRecipientsToNotifyOnAutomation").reply

    assert reply.status == 400
    assert reply.body["errors"] == [{"in": "body", "path": "/emails", "message": "is missing"}]


@pytest.mark.parametrize("name", ["getAllFiles", "getBillingEvents"])
def test_pages_of_a_broken_size_are_whole(client: Client, name: str) -> None:
    anna = client.as_("dev-anna")
    whole = anna.exchange(name, **{"from": "0", "size": "2"}).reply.body["results"]

    assert anna.exchange(name, **{"from": "0.5", "size": "2.9"}).reply.body["results"] == whole
