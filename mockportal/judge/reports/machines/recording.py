"""The requests of a whole run as an HTTP Archive, HAR 1.2: the last ones, since a run sends tens of thousands."""

import json
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from mockportal.http_archive import archive
from mockportal.judge.model import Interaction, Received, Sent
from mockportal.judge.reports.as_json import exchange_json
from mockportal.judge.reports.machines.har import entry_of
from mockportal.judge.reports.redact import Redactor
from mockportal.judge.wire.transports import NoAnswer, Transport

_MOST = 5_000


@dataclass(frozen=True, slots=True)
class RecordedExchange:
    """An exchange, the instant at which it began, and how many seconds it took."""

    exchange: Interaction
    at: datetime
    seconds: float


class RunRecording:
    """Keeps the last requests that went through `around`."""

    def __init__(self, most: int = _MOST) -> None:
        self._kept: deque[RecordedExchange] = deque(maxlen=most)
        self._seen = 0

    def around(self, transport: Transport) -> Transport:
        """The transport, with a look at everything that it sends and brings."""

        async def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
            at, started = datetime.now(UTC), time.monotonic()
            sent, received, problem = Sent("", method, target, dict(headers), body), None, ""
            try:
                received = await transport(method, target, headers, body)
            except NoAnswer as error:
                problem = str(error)
                raise
            finally:
                took = time.monotonic() - started
                self._kept.append(RecordedExchange(Interaction(sent, received, problem), at, took))
                self._seen += 1
            return received

        return send

    def text(self, redactor: Redactor, base_url: str) -> str:
        """The text of the file, with no secret in it."""
        for one in self._kept:
            redactor.learn(one.exchange.received)
        entries = []
        for one in self._kept:
            record = exchange_json(one.exchange, {}, redactor, base_url, most=None)
            entries.append(entry_of(record, one.at.isoformat(), one.seconds * 1000, base_url, ""))
        value = archive(entries)
        if self._seen > len(entries):
            value["log"]["comment"] = f"the last {len(entries):,} of {self._seen:,} requests"
        return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
