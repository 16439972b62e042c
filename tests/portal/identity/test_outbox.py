from dataclasses import replace

import pytest

from mockportal.engine.call import Request
from mockportal.engine.world import World
from mockportal.mock import Mock
from mockportal.testing import Client

BODY = b'{"email": "anna.neu@example.org", "password": "Musterau!2026"}'


@pytest.mark.parametrize(
    ("origin", "pages"),
    [
        ("http://localhost:5173", "http://localhost:5173"),
        ("https://mein.sw-musterau.test", "https://mein.sw-musterau.test"),
        ("https://evil.test", "https://mein.sw-musterau.test"),
        ("null", "https://mein.sw-musterau.test"),
    ],
)
def test_links_lead_to_the_frontend_that_called(mock: Mock, world: World, origin: str, pages: str) -> None:
    operation = mock.spec.operations["updatePortalUserEmail"]
    request = Request("PUT", operation.path, body=BODY)
    headers = {"authorization": "Bearer dev-anna", "content-type": "application/json", "origin": origin}

    mock.engine.answer(operation, replace(request, headers=headers), world)

    mail = list(world.draft().collection("mail"))[-1]
    assert mail["link"] == f"{pages}/new-email?token={mail['token']}"


def test_mails_have_ids_of_their_own(anna: Client, world: World) -> None:
    body = {"email": "anna.neu@example.org", "password": "Musterau!2026"}

    anna.call("updatePortalUserEmail", body=body)
    anna.call("updatePortalUserEmail", body=body)

    assert world.state.counts()["mail"] == world.scenario.state.counts()["mail"] + 2
