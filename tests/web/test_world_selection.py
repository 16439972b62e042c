"""The ways to name the world of a request, in their order."""

import pytest

from mockportal.engine.signing import issued, sign
from mockportal.state.clock import instant
from mockportal.web.world_selection import BadWorld, names_in, select_world, world_addresses

NOW = instant("2026-06-15T07:00:00Z")


def token(issuer: str) -> str:
    return f"Bearer {sign(issued({'sub': 'x'}, issuer, NOW, 3600, 'f'))}"


WAYS = [
    ("/@path/x", {"x-mockportal-world": "header", "host": "host.localhost"}, "header"),
    ("/@path/x", {"host": "host.localhost", "cookie": "mockportal-world=cookie"}, "path"),
    ("/x", {"host": "host.localhost:8080", "cookie": "mockportal-world=cookie"}, "host"),
    ("/x", {"cookie": "a=1; mockportal-world=cookie", "baggage": "mockportal-world=baggage"}, "cookie"),
    ("/x", {"cookie": 'mockportal-world="cookie"'}, "cookie"),
    ("/x", {"cookie": "mockportal-world=first; mockportal-world=second"}, "first"),
    ("/x", {"cookie": "my-mockportal-world=no"}, "main"),
    ("/x", {"baggage": "mockportal-world=baggage", "authorization": token("http://h/@token")}, "baggage"),
    ("/x", {"baggage": "userId=al%20ice;p=1 , mockportal-world = bag%2Dgage ;ttl=5,z=2"}, "bag-gage"),
    ("/x", {"authorization": token("http://127.0.0.1:8080/@token")}, "token"),
    ("/x", {"authorization": token("http://127.0.0.1:8080/@token/__services/cognito/pool")}, "token"),
    ("/x", {"authorization": token("http://token.localhost:8080")}, "token"),
    ("/x", {"authorization": token("http://127.0.0.1:8080")}, "main"),
    ("/x", {"authorization": token("http://[bad/@token")}, "main"),
    ("/x", {"authorization": "Bearer a.b.c"}, "main"),
    ("/x", {"authorization": "Bearer dev-anna"}, "main"),
]


@pytest.mark.parametrize(("path", "headers", "world"), WAYS)
def test_first_way_that_names_a_world_counts(path: str, headers: dict[str, str], world: str) -> None:
    name, rest, _ = select_world(path, names_in(headers), required=False)

    assert (name, rest) == (world, "/x")


@pytest.mark.parametrize(("path", "headers", "world"), [way for way in WAYS if way[2] != "main"])
def test_each_way_satisfies_a_server_that_requires_a_world(
    path: str, headers: dict[str, str], world: str
) -> None:
    assert select_world(path, names_in(headers), required=True)[0] == world


def test_request_that_names_none_is_told_how_to() -> None:
    with pytest.raises(BadWorld, match=r"header X-Mockportal-World, base path /@NAME, .* cookie or baggage"):
        select_world("/x", names_in({"authorization": "Bearer dev-anna"}), required=True)


@pytest.mark.parametrize(
    "headers",
    [{"cookie": "mockportal-world=A B"}, {"baggage": "mockportal-world=%2e%2e"}, {"host": "a_b.localhost"}],
)
def test_name_that_no_world_can_have_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(BadWorld, match="is not a name of a world"):
        select_world("/x", names_in(headers), required=False)


def test_every_address_of_a_world_leads_to_it() -> None:
    urls = world_addresses("demo", "http://127.0.0.1:8080")

    assert urls["base_path"] == "http://127.0.0.1:8080/@demo"
    assert urls["host"] == "http://demo.localhost:8080"
    for way in ("header", "cookie", "baggage"):
        name, _, value = urls[way].partition(": ")
        assert select_world("/x", names_in({name.lower(): value}), required=True)[0] == "demo"
