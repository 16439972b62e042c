"""The parts of a world that a client looks at and changes: its clock, its mails and its journal."""

from typing import Protocol

from mockportal.values import Json, Record

_OUTSIDE = "control"  # answered changes that were made to the world from outside its API


class Control(Protocol):
    """Sends a request about a world to the control API."""

    def __call__(self, method: str, path: str, body: Json = None, /) -> Json: ...


class ClockView:
    """The time of a world. Instants are RFC 3339, durations such as `P14D` or `45m`."""

    def __init__(self, control: Control) -> None:
        self._control = control

    @property
    def now(self) -> str:
        """The instant on the clock, such as `2026-06-15T07:00:00.000Z`."""
        return str(self._control("GET", "/clock")["now"])

    def advance(self, by: str) -> str:
        """The instant after the clock has moved on. Raises `UsageError`."""
        return str(self._control("POST", "/clock/advance", {"by": by})["now"])

    def set(self, now: str, *, ticking: bool = False) -> str:
        """The instant at which the clock stands now, or from which it ticks. Raises `UsageError`."""
        mode = "ticking" if ticking else "frozen"
        return str(self._control("PUT", "/clock", {"now": now, "mode": mode})["now"])


class OutboxView:
    """The mails that would have been sent, with their codes and links."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def mails(self, to: str = "") -> list[Record]:
        """All mails, or those to an address, the oldest first."""
        mails: list[Record] = self._control("GET", "/outbox")["mails"]
        return [mail for mail in mails if to in ("", mail["to"])]

    def code_for(self, to: str) -> str:
        """The newest code that was sent to an address. Raises `LookupError` if there is none."""
        return self._newest(to, "codes")

    def link_for(self, to: str) -> str:
        """The newest link that was sent to an address. Raises `LookupError` if there is none."""
        return self._newest(to, "links")

    def _newest(self, to: str, what: str) -> str:
        mails = self.mails(to)
        found = [one for mail in mails for one in mail[what]]
        if not found:
            told = f"{len(mails)} mails to {to}, without {what}" if mails else f"no mail to {to}"
            raise LookupError(f"the outbox has {told}")
        return str(found[-1])


class JournalView:
    """The exchanges of a world."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def entries(self, operation: str = "", status: str | int = "", limit: int = 1000) -> list[Record]:
        """Exchanges in brief, the oldest first: `{n, at, operation, method, path, status, answered_by, as, rule}`.

        `status` is one such as 404, or a class such as `4xx`. Raises `UsageError` for an operation that there is not.
        """
        wanted = {"operation": operation, "status": str(status)}
        query = "".join(f"&{name}={value}" for name, value in wanted.items() if value)
        entries: list[Record] = self._control("GET", f"/journal?limit={limit}{query}")["entries"]
        return entries

    def entry(self, n: int) -> Record:
        """One exchange whole, with `request` and `response`, its secrets hidden. Raises `UsageError`."""
        whole: Record = self._control("GET", f"/journal/{n}")
        return whole

    def explain(self, n: int) -> Record:
        """The reasons for an answer: its `reason` in one line, and what each stage has found. Raises `UsageError`."""
        told: Record = self._control("GET", f"/journal/{n}/explain")
        return told

    def code(self, n: int, language: str = "curl") -> str:
        """An exchange as a program that sends its request again. Raises `UsageError` for an unknown language."""
        return str(self._control("GET", f"/journal/{n}/code?as={language}")["code"])

    def last(self) -> Record:
        """The newest request to the API with its answer, whole. Raises `LookupError` if there is none."""
        newest = [entry for entry in self.entries() if entry["answered_by"] != _OUTSIDE]
        if not newest:
            raise LookupError("the journal has no request")
        return self.entry(newest[-1]["n"])
