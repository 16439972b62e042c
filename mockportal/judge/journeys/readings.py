"""Meter readings are submitted and listed; what cannot be right is refused and leaves nothing behind."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from mockportal.json_tree import at, difference, rows
from mockportal.judge.journeys.walk.machine import Machine, journey, step
from mockportal.judge.journeys.walk.values import TEXTS, WHICH
from mockportal.judge.journeys.walk.walk import Ended, Skipped, agree
from mockportal.judge.model import body_of
from mockportal.values import Json, Record

_CREATE, _LIST, _PHOTO = "createMeterReading", "getMeterReadings", "uploadMeterReadingPhoto"
_RANGE = "getAllowedMeterReadingRange"
_NOBODY = "00000000-0000-4000-8000-000000000000"


class Readings(Machine):
    """The model is the list of readings of one counter, oldest first."""

    needs_world = True

    def begin(self) -> None:
        case: Json = self.context.case(_CREATE).body
        self.case: Record = case if isinstance(case, dict) else {}
        if not {"meter_id", "counter_id", "value"} <= self.case.keys():
            raise Ended
        self.readings = self._listed("asc")[1]
        self.photos: set[str] = set()

    @step(_CREATE, _LIST, text=TEXTS, which=WHICH)
    def submit(self, text: str, which: int) -> None:
        """Between two readings that are there, so that no earlier or later one speaks against it."""
        before, after, day = self._gap(which, self.readings)
        value = round(before + (after - before) * (which % 5) / 4, 1)
        body = {
            **self.case,
            "timestamp": day,
            "value": value,
            "remark": text,
            "external_id": f"{text[:40]}-{which}",
        }
        self._submitted(body, {"override_plausibility": True})

    @step(_CREATE, _LIST, which=WHICH)
    def submit_the_case(self, which: int) -> None:
        if str(self.case.get("timestamp", "")) > self._last_day():
            self._submitted(self.case, {})

    @step(_CREATE, _LIST, which=WHICH)
    def submit_what_cannot_be(self, which: int) -> None:
        before, after, day = self._gap(which, [one for one in self.readings if _is_valid(one)])
        self._refuse({"timestamp": day, "value": before - 0.5}, "less_than_previous")
        self._refuse({"timestamp": day, "value": after + 0.5}, "greater_than_subsequent")
        self._refuse({"timestamp": "2999-01-01"}, "timestamp_future")
        self._refuse({"counter_id": _NOBODY}, "no_counter")
        self._refuse({"value": -1}, "")
        self._refuse({"meter_id": _NOBODY}, "")

    @step(_CREATE, _RANGE, which=WHICH)
    def ask_for_the_range(self, which: int) -> None:
        """Asking changes nothing."""
        self.walk.ask(_RANGE)
        self._agree(_CREATE)

    @step(_PHOTO, "getAllFiles", which=WHICH)
    def send_a_photo(self, which: int) -> None:
        answer = at(self.walk.must(_PHOTO), "data")
        wanted = {"filename": at(self.context.case(_PHOTO).body, "filename")}
        self.walk.same(wanted, answer, _PHOTO, "answered otherwise than written", self.walk.writes[-1])
        id = str(at(answer, "file_id"))
        if not self.context.populated:
            raise Skipped
        self.walk.expect(id not in self.photos, _PHOTO, "id used before", f"the id {id} was used before")
        self.photos.add(id)
        exchange = self.walk.ask("getAllFiles", params={"from": 0, "size": 1000, "entity_ids": None})
        listed = rows(body_of(exchange), "results")
        agree(self.walk, "getAllFiles", exchange, listed, dict.fromkeys(self.photos, wanted), key="_id")

    def _submitted(self, body: Record, params: Record) -> None:
        answer = at(self.walk.must(_CREATE, body=body, params=params), "data")
        write = self.walk.writes[-1]
        wanted = {name: value for name, value in body.items() if name != "timestamp"}
        self.walk.same(wanted, answer, _CREATE, "answered otherwise than written", write)
        moment = str(at(answer, "timestamp"))
        message = f"the timestamp is {moment}, and {body['timestamp']} was sent"
        self.walk.expect(moment[:10] == body["timestamp"][:10], _CREATE, "timestamp", message, write)
        self.readings = [one for one in self.readings if str(one.get("timestamp"))[:10] != moment[:10]]
        self.readings = sorted([*self.readings, dict(answer)], key=_day)
        self._agree(_CREATE)

    def _refuse(self, changes: Record, reason: str) -> None:
        what = f"a reading with {', '.join(f'{name} {value}' for name, value in changes.items())}"
        body = {**self.case, **changes}
        exchange = self.walk.refused(_CREATE, reason or next(iter(changes)), what, body=body)
        if reason:
            seen = at(body_of(exchange), "reason")
            message = f"{what} is refused for {seen} instead of {reason}"
            self.walk.chosen(seen == reason, _CREATE, f"other reason: {reason}", message, exchange)
        self._agree(_CREATE)

    def _agree(self, operation: str) -> None:
        """Lists in both orders are the model; hits counts them."""
        for order, wanted in (("asc", self.readings), ("desc", self.readings[::-1])):
            exchange, listed = self._listed(order)
            problem = difference(wanted, listed)
            if problem:
                signature = "listed otherwise than written" if operation == _CREATE else "changed"
                self.walk.wrong(_LIST, f"{signature}: {order}", f"{order}: {problem}", exchange)
                raise Ended
            hits = at(body_of(exchange), "hits")
            message = f"hits is {hits}, and there are {len(wanted)}"
            self.walk.expect(hits == len(wanted), _LIST, "hits", message, exchange)

    def _listed(self, order: str) -> tuple[Any, list[Record]]:
        body = {name: self.case[name] for name in ("meter_id", "counter_id")}
        exchange = self.walk.ask(_LIST, body={**body, "sort": order, "from": 0, "size": 1000})
        return exchange, rows(body_of(exchange), "results")

    def _gap(self, which: int, readings: list[Record]) -> tuple[float, float, str]:
        """Two neighbouring readings with a day between them: their values, and that day."""
        gaps = [
            (one["value"], two["value"], days)
            for one, two in pairwise(readings)
            if (days := _between(one, two))
        ]
        if not gaps:
            raise Skipped
        before, after, days = gaps[which % len(gaps)]
        return before, after, days[which % len(days)]

    def _last_day(self) -> str:
        return _day(self.readings[-1])[:10] if self.readings else ""


def _day(reading: Record) -> str:
    return str(reading.get("timestamp", ""))


def _is_valid(reading: Record) -> bool:
    """True if others are compared with a reading; one that waits for validation forbids nothing."""
    return reading.get("status") in (None, "", "valid")


def _between(one: Record, two: Record) -> list[str]:
    """Some days between two readings that have values."""
    if not all(isinstance(each.get("value"), int | float) for each in (one, two)):
        return []
    try:
        first, last = (date.fromisoformat(_day(each)[:10]) for each in (one, two))
    except ValueError:
        return []
    days = (last - first).days
    return [(first + timedelta(days=days * part // 8)).isoformat() for part in (2, 4, 6)] if days > 7 else []


READINGS = journey(Readings, _CREATE, _LIST, walks=3, steps=6)
