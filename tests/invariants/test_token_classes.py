"""A token of the wrong class is 401 at every operation, whatever else the request says."""

import pytest

from mockportal.spec.operations import Operation
from mockportal.spec.spelling import unnamed_in_path
from tests.support.cases import cases
from tests.support.machines import fresh_client, the_mock

# class of token → the scheme of the operations that it opens, beside EitherAuth and the root's choice of all three
CLASSES = {"anna": "PortalAuth", "marek": "PortalAuth", "admin": "EpilotAuth", "admin-readonly": "EpilotAuth"}
CLASSES |= {"oidc-lea": "ExternalOIDCAuth"}
SIZES = {"PortalAuth": 60, "EpilotAuth": 45, "EitherAuth": 13, "ExternalOIDCAuth": 2}


def operations_of(scheme: str) -> list[Operation]:
    wanted = (frozenset((scheme,)),)
    return [operation for operation in the_mock().spec.operations.values() if operation.security == wanted]


def somewhere(operation: Operation) -> dict[str, str]:
    """What its path needs, and nothing else."""
    return dict.fromkeys(unnamed_in_path(operation, {}), "x")


@pytest.mark.parametrize(("scheme", "count"), SIZES.items())
def test_operations_of_a_class_are_as_many_as_the_sheet_says(scheme: str, count: int) -> None:
    assert len(operations_of(scheme)) == count


@pytest.mark.parametrize("person", CLASSES)
@pytest.mark.parametrize("scheme", ["PortalAuth", "EpilotAuth", "ExternalOIDCAuth"])
def test_wrong_class_is_refused_everywhere(person: str, scheme: str) -> None:
    client = fresh_client(person)
    known = cases(client.mock.spec, client.world.scenario)
    wrong = [operation for operation in operations_of(scheme) if CLASSES[person] != scheme]

    for operation in wrong:
        case = known[operation.id]
        for body, params in ((case.body, case.params), (None, somewhere(operation))):
            exchange = client.exchange(operation.id, body=body, media_type=case.media_type, **params)
            assert (exchange.reply.status, exchange.reply.answered_by) == (401, "guard"), operation.id
            assert exchange.after is exchange.before


def test_providers_token_opens_nothing_but_the_login() -> None:
    client = fresh_client("oidc-lea")

    for operation in operations_of("EitherAuth"):
        assert client.exchange(operation.id, **somewhere(operation)).reply.status == 401, operation.id


@pytest.mark.parametrize("token", ["", "dev-nobody", "a.b.c"])
def test_unknown_token_is_refused_everywhere(token: str) -> None:
    client = fresh_client("anna").as_(token)
    secured = [operation for operation in client.mock.spec.operations.values() if operation.security]

    found = {client.exchange(operation.id, **somewhere(operation)).reply.status for operation in secured}

    assert found == {401}
