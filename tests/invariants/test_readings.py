"""A reading is accepted exactly inside the range that was allowed, and the series follow the readings."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from mockportal.state.clock import instant, timestamp
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.machines import Machine, walk

PICK = st.integers(0, 99)
SOURCE: Record = {"app_id": "musterau-energiedaten", "extensionId": "energy-data"}
# counter, its meter, who owns it, the unit of its last digit, and its series
COUNTERS: dict[str, tuple[str, str, str, str]] = {
    "1tst0010000001-1.8.0": ("1tst0010000001", "anna", "0.1", "default"),
    "7tst0020000001-3.0.0": ("7tst0020000001", "anna", "1", "default"),
    "1tst0010000002-1.8.1": ("1tst0010000002", "mehmet", "1", "ht"),
    "1tst0010000002-1.8.2": ("1tst0010000002", "mehmet", "1", "nt"),
    "1tst0010000004-1.8.0": ("1tst0010000004", "hoffmann", "0.1", "feed-out"),
    "1tst0010000004-2.8.0": ("1tst0010000004", "hoffmann", "0.1", "feed-in"),
}
COUNTER = st.sampled_from([*COUNTERS])
DAYS = st.integers(0, 60) | st.integers(0, 740)
HISTORY = timedelta(days=720)  # there are data of two years


class Readings(Machine):
    """`read` is `{counter: {timestamp: value}}` of the valid readings."""

    read: dict[str, dict[str, Decimal]]

    @initialize()
    def begin(self) -> None:
        self.world.clock = replace(
            self.world.clock, step=timedelta(0)
        )  # series are exact to the quarter of an hour
        self.read = {}
        for counter in COUNTERS:
            found = self._listed(counter)
            self.read[counter] = {each["timestamp"]: Decimal(str(each["value"])) for each in found}

    @rule(counter=COUNTER, days=DAYS, hours=st.integers(0, 23), per_mille=st.integers(0, 1000))
    def read_inside(self, counter: str, days: int, hours: int, per_mille: int) -> None:
        at = self._moment(counter, days, hours)
        low, high = self._range(counter, at)
        steps = int(((high - low) / self._step(counter)).to_integral_value(rounding="ROUND_DOWN"))
        value = low + steps * per_mille // 1000 * self._step(counter)
        answer = self._client(counter).call("createMeterReading", body=self._reading(counter, at, value))
        assert answer["data"]["status"] == "valid"
        self.read[counter][answer["data"]["timestamp"]] = value

    @rule(counter=COUNTER, days=DAYS, hours=st.integers(0, 23), steps=st.integers(1, 10_000))
    def read_outside(self, counter: str, days: int, hours: int, steps: int) -> None:
        at = self._moment(counter, days, hours)
        low, high = self._range(counter, at)
        before = self.world.state
        for value in (low - steps * self._step(counter), high + steps * self._step(counter)):
            if value >= 0:
                body = self._reading(counter, at, value)
                answer = self._client(counter).call("createMeterReading", body=body, status=400)
                assert answer["reason"] in (
                    "less_than_previous",
                    "greater_than_subsequent",
                    "plausibility_check_failed",
                )
        assert self.world.state is before

    @rule(counter=COUNTER, steps=st.integers(1, 10_000))
    def override(self, counter: str, steps: int) -> None:
        """A reading that waits for validation is not measured; a valid one at the same instant takes its place."""
        now = self.world.clock.now()
        _, high = self._range(counter, now)
        body = self._reading(counter, now, high + steps * self._step(counter))
        answer = self._client(counter).call("createMeterReading", body=body, override_plausibility=True)
        assert answer["data"]["status"] == "in-validation"
        self.read[counter].pop(answer["data"]["timestamp"], None)
        low, _ = self._range(counter, now)
        answer = self._client(counter).call("createMeterReading", body=self._reading(counter, now, low))
        self.read[counter][answer["data"]["timestamp"]] = low

    @rule(days=st.integers(0, 20))
    def wait(self, days: int) -> None:
        self.world.clock = self.world.clock.advanced(timedelta(days=days))

    @precondition(lambda self: self.read)
    @rule(counter=COUNTER, pick=PICK, span=st.integers(1, 3))
    def measure(self, counter: str, pick: int, span: int) -> None:
        """Between two readings the series add up to their difference."""
        readings = self.read[counter]
        ats = [at for at in sorted(readings) if self._start(counter) <= instant(at)]
        if len(ats) < 2:
            return
        begin = pick % (len(ats) - 1)
        start, end = ats[begin], ats[min(begin + span, len(ats) - 1)]
        assert self._total(counter, start, end) == readings[end] - readings[start]

    @invariant()
    def readings_are_those_that_were_accepted(self) -> None:
        for counter, expected in self.read.items():
            found = {each["timestamp"]: Decimal(str(each["value"])) for each in self._listed(counter)}
            assert found == expected
            values = [found[at] for at in sorted(found, key=instant)]
            assert values == sorted(values)

    def _client(self, counter: str) -> Client:
        return self.as_(COUNTERS[counter][1])

    def _ids(self, counter: str) -> Record:
        return {
            "meter_id": self.id_of(f"meter/{COUNTERS[counter][0]}"),
            "counter_id": self.id_of(f"meter_counter/{counter}"),
        }

    def _step(self, counter: str) -> Decimal:
        return Decimal(COUNTERS[counter][2])

    def _start(self, counter: str) -> datetime:
        """The first instant of which there are readings and data."""
        return max(self.world.clock.now() - HISTORY, min(map(instant, self.read[counter])))

    def _moment(self, counter: str, days: int, hours: int) -> datetime:
        """An hour between now and the first reading; a small number is late, so that often none follows it."""
        latest, start = self.world.clock.now(), self._start(counter) + timedelta(days=1)
        return latest - timedelta(hours=(days * 24 + hours) % int((latest - start) / timedelta(hours=1)))

    def _listed(self, counter: str) -> Any:
        body = {**self._ids(counter), "size": 1000}
        return self._client(counter).call("getMeterReadings", body=body)["results"]

    def _range(self, counter: str, at: datetime) -> tuple[Decimal, Decimal]:
        ids = self._ids(counter)
        rows = self._client(counter).call(
            "getAllowedMeterReadingRange", meter_id=ids["meter_id"], timestamp=timestamp(at)
        )["data"]
        [row] = [row for row in rows if row["meter_counter_id"] == ids["counter_id"]]
        return Decimal(str(row["min_value"])), Decimal(str(row["max_value"]))

    def _reading(self, counter: str, at: datetime, value: Decimal) -> Record:
        return {**self._ids(counter), "timestamp": timestamp(at), "value": float(value), "source": "ECP"}

    def _total(self, counter: str, start: str, end: str) -> Decimal:
        asked = {**SOURCE, "meter_id": self._ids(counter)["meter_id"]}
        asked |= {"from": start, "to": end, "interval": "PT1H"}
        records = self._client(counter).call("getConsumption", **asked)["consumptions"]
        series = COUNTERS[counter][3]
        return sum((Decimal(str(one["value"])) for one in records if one["type"] == series), Decimal())


def test_reading_is_accepted_exactly_inside_the_allowed_range() -> None:
    walk(Readings)
