"""Every address of the mock that any operation hands out answers."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from mockportal.engine.call import Exchange, Request
from mockportal.engine.engine import SERVICES
from mockportal.engine.world import World
from mockportal.mock import Mock
from mockportal.testing import Client
from tests.support.cases import cases

_ADDRESS = re.compile(r"http://127\.0\.0\.1:8080[^\s\"'<>\\]*")
# Addresses that a browser does not simply open: the path ends so -> the statuses of a GET without anything else.
_NOT_FOR_GET = {"/token": {400, 404, 405}, "/userinfo": {401}, "/authorize": {400}, "/logout": {400}}
# An issuer is no page; its document of discovery is.
_ISSUER = re.compile(r"/__services/(oidc|cognito)/[^/]+")


def addresses(exchange: Exchange) -> Iterator[str]:
    """The addresses of the mock in an answer."""
    yield from _ADDRESS.findall(exchange.content.decode("utf-8", "replace"))
    yield from _ADDRESS.findall(" ".join(exchange.reply.headers.values()))


def opened(mock: Mock, world: World, address: str) -> int:
    """The status of a GET; 0 for a service that the mock does not have."""
    parts = urlsplit(address)
    path = parts.path + "/.well-known/openid-configuration" * bool(_ISSUER.fullmatch(parts.path))
    request = Request("GET", path, parts.query)
    if not parts.path.startswith(SERVICES):
        route = mock.spec.routes.find(parts.path)
        operation = route.operation("GET") if route else None
        return mock.engine.answer(operation[0], request, world).reply.status if operation else 404
    service = parts.path.removeprefix(SERVICES).partition("/")[0]
    if service not in mock.api.services:
        return 0
    return mock.engine.serve(service, request, world).reply.status


def test_every_address_in_the_answers_of_all_operations_answers(mock: Mock) -> None:
    wrong, found = [], set()
    for name, case in cases(mock.spec, mock.scenario(None)).items():
        world = World("test", mock.scenario(None))
        exchange = Client(mock, world, case.token).exchange(
            name, body=case.body, media_type=case.media_type, **case.params
        )
        for address in addresses(exchange):
            path = urlsplit(address).path
            expected = next((codes for end, codes in _NOT_FOR_GET.items() if path.endswith(end)), set())
            status = opened(mock, world, address)
            found.add(path.removeprefix(SERVICES).partition("/")[0])
            if status and not (200 <= status < 400 or status in expected):
                wrong.append(f"{name}: {status} {address}")

    assert "files" in found
    assert wrong == []
