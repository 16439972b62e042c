"""One world of a mock, as programs and tests use it."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self, Unpack

import httpx

from mockportal.errors import UsageError
from mockportal.library.choices import Choices, clock_from, setup_from
from mockportal.library.hosting import NOWHERE, HostedMock, shared_mock
from mockportal.library.views import ClockView, JournalView, OutboxView
from mockportal.mock import DEFAULT
from mockportal.programs.stand_in import token_named
from mockportal.state.clock import timestamp
from mockportal.values import Json, Record

_WORLDS = "/__mockportal/worlds"
_OF_WORLD = ("clock", "seed")  # the choices of a world, not of the mock


class WorldClient:
    """A world with its clock, journal and mails, and clients of the API in it. `close` forgets the world.

    It lives in this process, without a socket. All clients with the same choices share one mock, so that a world costs
    about a millisecond. `with Client("overdue-invoice") as portal:` closes it.

    name:    of the world
    host:    the mock that it is a world of
    clock:   its time, to be set and moved on
    outbox:  the mails that would have been sent
    journal: the exchanges so far
    """

    def __init__(
        self,
        scenario: str | Record | None = None,
        *,
        world: str = "",
        rules: Sequence[Record] = (),
        host: HostedMock | None = None,
        at: str = "",
        **choices: Unpack[Choices],
    ) -> None:
        of_mock = Choices(**{name: value for name, value in choices.items() if name not in _OF_WORLD})  # type: ignore[typeddict-item]
        self.host = host or shared_mock(setup_from(DEFAULT, of_mock))
        self.name = world or f"client-{next(self.host.numbers)}"
        self._expected: list[Record] = []
        self._at = at or NOWHERE
        self._control = self._client("", self._at)
        self.control("POST", "", {"name": self.name, **_beginning(scenario, choices)})
        self.clock = ClockView(self.control)
        self.outbox = OutboxView(self.control)
        self.journal = JournalView(self.control)
        for rule in reversed(rules):  # the newest is tried first
            self.rule(rule)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def scenario(self) -> str:
        """The name of the scenario with which it began, or to which it was reset."""
        return self.host.scenario(self.name).name

    @property
    def url(self) -> str:
        """The base URL of the API in this world."""
        return f"{self._at}/@{self.name}"

    def listen(self) -> str:
        """The URL of the mock at a real port, for browsers; from now on `url` is there, too."""
        self._at = self.host.listen()
        return self._at

    def as_(self, who: str = "") -> httpx.Client:
        """A client of the API as somebody: an alias such as `anna`, a token, or nobody."""
        return self._client(self.token(who) if who else "", self.url)

    def async_as(self, who: str = "") -> httpx.AsyncClient:
        """The same for asyncio and trio."""
        return httpx.AsyncClient(
            base_url=self.url,
            transport=self.host.transport,
            headers=_headers(self.token(who) if who else ""),
        )

    def token(self, who: str) -> str:
        """The development token of somebody, or a new one that is good for an hour. Raises `UsageError` for an alias
        that nobody has."""
        known = token_named(who, self.host.scenario(self.name))
        return known or str(self.control("POST", "/tokens", {"user": who})["token"])

    def record(self, name: str) -> Record:
        """A record of the state by collection and alias, or id: `record("order/an-2026-00431")["_id"]`. Raises
        `UsageError`."""
        found: Record = self.control("GET", f"/state/{name}")
        return found

    def rule(self, rule: Record) -> str:
        """The id of a new rule, which is written as in a scenario and tried before the others. Raises `UsageError`."""
        return str(self.control("POST", "/rules", rule)["id"])

    def snapshot(self, name: str = "snapshot") -> str:
        """The name of a snapshot of the world as it is now."""
        self.control("PUT", f"/snapshots/{name}")
        return name

    def restore(self, name: str = "snapshot") -> None:
        """Goes back to a snapshot."""
        self.control("POST", f"/snapshots/{name}/restore")

    def reset(self, scenario: str | Record | None = None) -> None:
        """Goes back to the scenario, or to another one."""
        self.control("POST", "/reset", {} if scenario is None else {"scenario": scenario})

    def expect(self, operation: str, *, status: int = 200, times: int | None = None) -> None:
        """Notes that by the end so many requests of an operation have this status, at least one without `times`;
        `verify` tells. Raises `UsageError` for an operation that there is not."""
        self.journal.entries(operation, limit=0)
        counted = {} if times is None else {"times": times}
        self._expected.append({"operation": operation, "status": status, **counted})

    def verify(self) -> list[str]:
        """The expectations that do not hold, a line for each, with file and line in those of the scenario.

        Those of `expect`, and a scenario's that only count, are about the requests of this world. Any other scenario is
        played from its start, in a world that nobody sees, unless the world has a clock or a seed of its own.
        """
        return self.host.broken_expectations(self.name, self._expected)

    def export(self) -> str:
        """The world as a scenario file with its steps, which replays what happened. Raises `UsageError`."""
        return str(self.control("GET", "/export"))

    def control(self, method: str, path: str, body: Json = None) -> Json:
        """The answer of the control API to a request about this world, as JSON or as a text. Raises `UsageError` for a
        refusal."""
        world = "" if (method, path) == ("POST", "") else f"/{self.name}"
        answer = self._control.request(method, f"{_WORLDS}{world}{path}", json=body)
        if answer.status_code >= 400:
            raise UsageError(self.name, str(answer.json()["message"]))
        if not answer.content:
            return None
        is_json = answer.headers.get("content-type", "").startswith("application/json")
        return answer.json() if is_json else answer.text

    def close(self) -> None:
        """Forgets the world."""
        self._control.request("DELETE", f"{_WORLDS}/{self.name}")

    def _client(self, token: str, url: str) -> httpx.Client:
        return httpx.Client(base_url=url, transport=self.host.transport, headers=_headers(token))


def _beginning(scenario: str | Record | None, choices: Choices) -> Record:
    """The beginning of a world, as the control API asks for it. Raises `UsageError` for a clock that does not stand."""
    clock = clock_from(choices.get("clock"))
    if clock is not None and clock.ticking:
        raise UsageError(
            "clock", "a world begins at an instant; `now` is for a whole mock, as `serve` makes it"
        )
    now = timestamp(clock.now()) if clock is not None else None
    asked = {"scenario": scenario, "seed": choices.get("seed"), "clock": now}
    return {name: value for name, value in asked.items() if value is not None}


def _headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}
