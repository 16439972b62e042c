"""A file of everything that a run makes at a target, so that it can be removed even after a crash.

The journal is a file of JSON lines, each on the disk before the run goes on:

    {"journal": 1, "target": "https://api.example.com"}
    {"sending": 1, "operation": "createPage", "cleanup": true}
    {"made": 1, "remove": "deletePage", "params": {"id": "..."}, "token": "$MOCKPORTAL_TOKEN_APIKEY", ...}
    {"gone": 1}

It holds ids and names of tokens, and no token.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import parse_qsl

from mockportal.errors import UsageError
from mockportal.json_tree import value_at
from mockportal.judge.model import Interaction, Sent, body_of
from mockportal.judge.target.targets import Target
from mockportal.judge.target.write_permissions import Tenant, WritePermission, check_tenants
from mockportal.judge.wire.allow_list import operation_of
from mockportal.judge.wire.gate import Blocked, Gate, SendingLimits, Stopped
from mockportal.judge.wire.retry_after import WaitingClock
from mockportal.judge.wire.sender import Sender
from mockportal.judge.wire.transports import Transport
from mockportal.spec.operations import Operation
from mockportal.spec.spec import Spec
from mockportal.values import Json, Record, decode, encode

_FORMAT = 1
_GONE = (404, 410)
_TOUCHING = ("PUT", "PATCH", "DELETE")


class WriteJournal:
    """The witness of a gate (`gate.witness`). Writes to things that the run has not made are blocked, unless the
    allow-list says `existing: true`. A context manager: it owns the file."""

    def __init__(
        self, path: Path, spec: Spec, target: Target, allowances: Mapping[str, WritePermission], url: str
    ) -> None:
        """Raises `UsageError` if the file cannot be written, or holds what another run has left behind."""
        self.path = path
        self._spec, self._target, self._allowances = spec, target, allowances
        self._count = 0
        self._made: set[str] = set()
        self._file = _opened(path)
        self._note({"journal": _FORMAT, "target": url})

    def __enter__(self) -> "WriteJournal":
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def before(self, sent: Sent) -> None:
        """Notes a write that is about to leave. Raises `Blocked` for one that touches what this run has not made, and
        `Stopped` if it cannot be noted."""
        operation = self._writing(sent)
        if operation is None:
            return
        allowance = self._allowances.get(operation.id)
        if allowance is None:
            raise Blocked(f"{operation.id} is not in the file of writes")
        ids = self._in_path(sent).values()
        if operation.method in _TOUCHING and not allowance.existing and self._made.isdisjoint(ids):
            raise Blocked(f"{operation.id} would touch what this run has not made")
        self._count += 1
        self._note({"sending": self._count, "operation": operation.id, "cleanup": bool(allowance.cleanup)})

    def after(self, exchange: Interaction) -> None:
        """Notes what a write has made."""
        operation = self._writing(exchange.sent)
        if operation is None:
            return
        allowance = self._allowances[operation.id]
        self._note({"status": exchange.status, **self._outcome(allowance, exchange)})

    def _outcome(self, allowance: WritePermission, exchange: Interaction) -> Record:
        """The thing to be removed, or a note that there is nothing, or that nobody can tell."""
        cleanup = allowance.cleanup
        if cleanup is None or 400 <= exchange.status < 500:
            return {"nothing": self._count}
        id = value_at(body_of(exchange), cleanup.id)
        if not 0 < exchange.status < 400 or not isinstance(id, str | int) or isinstance(id, bool):
            return {"unsure": self._count}
        self._made.add(str(id))
        removing = self._spec.operations[cleanup.operation]
        given = {**self._target.cases[removing.id].params, **self._params(exchange.sent), cleanup.param: id}
        names = {parameter.name for parameter in removing.parameters}
        return {
            "made": self._count,
            "remove": removing.id,
            "params": {name: value for name, value in given.items() if name in names},
            "token": self._target.variable_of(removing),
            "tenant": {"operation": allowance.tenant.operation, "expect": {**allowance.tenant.expect}},
        }

    def _writing(self, sent: Sent) -> Operation | None:
        operation = operation_of(self._spec, sent.method, sent.target)
        return None if operation is None or operation.method == "GET" else operation

    def _params(self, sent: Sent) -> dict[str, str]:
        return {**dict(parse_qsl(sent.target.partition("?")[2])), **self._in_path(sent)}

    def _in_path(self, sent: Sent) -> dict[str, str]:
        route = self._spec.routes.find(sent.target.partition("?")[0])
        found = route.operation(sent.method) if route else None
        return dict(found[1]) if found else {}

    def _note(self, entry: Record) -> None:
        try:
            _append(self._file, entry)
        except (OSError, ValueError) as error:
            raise Stopped(f"{self.path} cannot be written ({error})") from None


@dataclass(slots=True)
class _Read:
    """A journal as it stands: what is still to be removed by number, and what nobody can tell."""

    target: str
    sent: dict[int, str] = field(default_factory=dict)
    made: dict[int, Record] = field(default_factory=dict)
    unsure: dict[int, str] = field(default_factory=dict)


def address_of(journal: Path) -> str:
    """The address that a journal is about. Raises `UsageError`."""
    return _read(journal).target


def clean_up(
    journal: Path,
    spec: Spec,
    target: Target,
    transport: Transport,
    url: str,
    rate: float = 5.0,
    clock: WaitingClock | None = None,
) -> list[str]:
    """Removes what a journal says was made, the last first; what is left, a line each.

    It can be called again: what is gone (404, 410) counts as removed. Raises `UsageError` for a journal of another
    target, and where the tenant is not the expected one.
    """
    read = _read(journal)
    if read.target.rstrip("/") != url.rstrip("/"):
        raise UsageError(str(journal), f"is about {read.target}, and not about {url}")
    left = [f"{read.sent[number]}: {why}" for number, why in sorted(read.unsure.items())]
    if not read.made:
        return left
    allowances = [
        WritePermission(record["remove"], Tenant(**record["tenant"]), None) for record in read.made.values()
    ]
    allowed = frozenset(name for one in allowances for name in (one.operation, one.tenant.operation))
    unknown = sorted(allowed - spec.operations.keys())
    if unknown:
        raise UsageError(str(journal), f"the spec has no operation {unknown[0]!r}")
    gate = Gate(
        spec, transport, SendingLimits(allowed, rate), target.variables(), clock=clock or WaitingClock()
    )
    gate.not_before = gate.clock.now() + (1 / rate if rate else 0)
    with Sender(gate) as sender:
        check_tenants(sender, target, allowances)
        return left + _removed(journal, sender, read.made)


def _removed(journal: Path, sender: Sender, made: Mapping[int, Record]) -> list[str]:
    left = []
    with journal.open("r+b") as file:
        file.truncate(file.read().rfind(b"\n") + 1)  # a crash may have left half a line
        file.seek(0, os.SEEK_END)
        for number in sorted(made, reverse=True):
            record = made[number]
            problem = _remove(sender, record)
            if problem:
                left.append(f"{record['remove']} {_spelled(record['params'])}: {problem}")
                continue
            _append(file, {"gone": number})
    return left


def _remove(sender: Sender, record: Record) -> str:
    """The reason why something could not be removed, or "" if it is gone."""
    try:
        exchange = sender.call(record["remove"], record["params"], token=record["token"])
    except (Blocked, Stopped) as refused:
        return str(refused)
    if exchange.received is None:
        return exchange.problem
    return "" if exchange.status < 300 or exchange.status in _GONE else f"answered {exchange.status}"


def _read(path: Path) -> _Read:
    """A journal; its last line may be half a line, as a crash leaves it. Raises `UsageError`."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise UsageError(str(path), f"cannot be read ({error.strerror})") from None
    entries = [_entry(path, number, line) for number, line in enumerate(lines[:-1], 1)]
    if not entries or entries[0].get("journal") != _FORMAT:
        raise UsageError(str(path), "is not a journal of writes")
    try:
        read = _Read(entries[0]["target"])
        for entry in entries[1:]:
            _book(read, entry)
    except (KeyError, TypeError):
        raise UsageError(str(path), "is not a journal of writes") from None
    return read


def _book(read: _Read, entry: Record) -> None:
    if "sending" in entry:
        read.sent[entry["sending"]] = entry["operation"]
        if entry["cleanup"]:
            read.unsure[entry["sending"]] = (
                "was sent, and nobody saw the answer; look for what it may have made"
            )
    elif "unsure" in entry:
        read.unsure[entry["unsure"]] = (
            f"answered {entry['status'] or 'nothing'}; look for what it may have made"
        )
    elif "made" in entry:
        read.unsure.pop(entry["made"], None)
        read.made[entry["made"]] = entry
    elif "nothing" in entry:
        read.unsure.pop(entry["nothing"], None)
    elif "gone" in entry:
        read.made.pop(entry["gone"], None)


def _entry(path: Path, number: int, line: bytes) -> Record:
    try:
        value = decode(line)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise UsageError(f"{path}:{number}", "is not a line of a journal")
    return value


def _spelled(params: Json) -> str:
    return " ".join(f"{name}={value}" for name, value in params.items())


def _opened(path: Path) -> BinaryIO:
    """A new file; one in which nothing is left to do is replaced. Raises `UsageError`."""
    if path.exists():
        read = _read(path)
        if read.made or read.unsure:
            raise UsageError(str(path), "holds what another run has left behind: see --cleanup")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    except OSError as error:
        raise UsageError(str(path), f"cannot be written ({error.strerror})") from None
    return file


def _append(file: BinaryIO, entry: Record) -> None:
    """Raises `OSError` unless the line is on the disk."""
    file.write(encode(entry) + b"\n")
    file.flush()
    os.fsync(file.fileno())
