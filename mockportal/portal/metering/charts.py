"""The data behind the charts. An extension's hook would deliver them; here they come from readings and prices."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from operator import add
from types import MappingProxyType

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.engine.signing import sign, verified_claims
from mockportal.errors import Forbidden
from mockportal.portal.collections import related_ids
from mockportal.portal.configuration.extensions import hooks_of
from mockportal.portal.configuration.hooks import enabled_extension, hook_of
from mockportal.portal.metering.measuring import (
    THOUSANDTHS,
    Cut,
    Measured,
    cut,
    cut_of,
    measured_of,
    period_of,
    registered,
    type_of,
    unit_of,
)
from mockportal.portal.metering.prices import costs, prices, tariff_of
from mockportal.portal.metering.reading_periods import BETWEEN_READINGS, between_readings
from mockportal.portal.metering.time_series import INTERVALS, floor, local_day, quarter_text, totals
from mockportal.state.clock import timestamp
from mockportal.state.store import Draft
from mockportal.values import Json, Record

EXPORT_LIFETIME = timedelta(minutes=15)

_CONSUMPTION = "consumptionDataRetrieval"
_EXPORT = "export"
_KILOWATTS = "kW"
_QUARTERS_OF_AN_HOUR = 4
_PRECISION = 3
# id of a series → (its name in German and in English, its colour)
_TYPES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "default": ("Verbrauch", "Consumption", "primary"),
        "et": ("Eintarif", "Single tariff", "primary"),
        "ht": ("Hochtarif", "High tariff", "orange"),
        "nt": ("Niedertarif", "Low tariff", "blue"),
        "feed-out": ("Netzbezug", "Drawn from the grid", "primary"),
        "feed-in": ("Einspeisung", "Fed into the grid", "green"),
        "min": ("Kleinste Leistung", "Least power", "slate"),
        "average": ("Mittlere Leistung", "Mean power", "primary"),
        "max": ("Größte Leistung", "Greatest power", "red"),
    }
)
_STATISTICS = ("min", "average", "max")


@operation("getConsumption")
def show_consumption(call: Call, state: Draft) -> Json:
    """The amounts measured in each interval up to now, with one record for each series."""
    hook = hook_of(call, state, _CONSUMPTION)
    if call.params["interval"] == BETWEEN_READINGS:
        return {"consumptions": list(between_readings(call, state, hook))}
    return {"consumptions": list(_records(cut_of(call, state, hook)))}


@operation("getPrices")
def show_prices(call: Call, state: Draft) -> Json:
    """The prices of the contract that supplies the meter; one without a price for consumption has none."""
    asked = cut_of(call, state, hook_of(call, state, "priceDataRetrieval"))
    tariff = tariff_of(state, asked.measured)
    return {"prices": list(prices(asked, tariff, state.seed)) if tariff else []}


@operation("getCosts")
def show_costs(call: Call, state: Draft) -> Json:
    """Consumption times price, summed up over the quarters of an hour, not over the mean of an interval."""
    asked = cut_of(call, state, hook_of(call, state, "costDataRetrieval"))
    tariff = tariff_of(state, asked.measured)
    return {"costs": list(costs(asked, tariff, state.seed)) if tariff else []}


@operation("getVisualizationMetadata")
def show_metadata(call: Call, state: Draft) -> Json:
    """The range begins with the month of the first value, so every interval has a first value within it."""
    hook_of(call, state, "visualizationMetadata")
    offered = [
        set(hook.get("intervals", INTERVALS))
        for hook in hooks_of(enabled_extension(call, state), _CONSUMPTION)
    ]
    measured = measured_of(call, state)
    metadata: Record = {
        "type_options": list(_type_options(measured)),
        "intervals": [each for each in measured.set_up.offered if each in set().union(*offered)],
    }
    if measured.first < measured.last:
        begin = floor("P1M", measured.first)
        metadata["data_range"] = {"from": quarter_text(begin), "to": quarter_text(measured.last)}
    return metadata


@operation("prepareVisualizationExport")
def prepare_export(call: Call, state: Draft) -> Json:
    """The address holds, signed, what the file is about; the file itself is written when it is fetched."""
    hook_of(call, state, "dataExport")
    measured = measured_of(call, state)
    start, end = period_of(call, measured.first, measured.last)
    first, last = max(start, measured.first), min(end, measured.last)
    expires_at = state.now() + EXPORT_LIFETIME
    export = {
        "token_type": _EXPORT,  # no operation takes it for a login
        "sub": call.caller.subject,
        "jti": state.new_id("export"),
        "counters": [counter["_id"] for counter in measured.counters],
        "first": first,
        "last": last,
        "exp": int(expires_at.timestamp()),
    }
    filename = "verbrauch.csv"
    if first < last:
        filename = f"verbrauch-{local_day(first)}-{local_day(last - 1)}.csv"
    return {
        "download_url": f"{state.base_url}/__services/files/exports/{filename}?signature={sign(export)}",
        "filename": filename,
        "content_type": "text/csv",
        "expires_at": timestamp(expires_at),
    }


def exported_file(state: Draft, signature: str) -> str:
    """The file behind an address of `prepareVisualizationExport`. Raises `Forbidden` once it has expired."""
    export = verified_claims(signature)
    if export is None or export.get("token_type") != _EXPORT or export["exp"] <= state.now().timestamp():
        raise Forbidden("the address of this file is not valid, or not any more")
    counters = [each for id in export["counters"] if (each := state.collection("meter_counter").find(id))]
    meters = (
        state.collection("meter").find(id) for each in counters for id in related_ids(each.get("meter"))
    )
    meter = next((each for each in meters if each is not None), None)
    lines = ["timestamp,type,value,unit"]
    if meter is not None:
        first, last = export["first"], export["last"]
        measured = registered(state, meter, counters)._replace(first=first, last=last)
        for record in _records(cut(measured, measured.set_up.intervals[0], first, last)):
            lines.append(f"{record['timestamp']},{record['type']},{record['value']},{record['unit']}")
    return "\r\n".join(lines) + "\r\n"


def _records(asked: Cut) -> Iterator[Record]:
    """In order of time; the series of an instant in the order of the metadata."""
    if not asked.edges:
        return
    unit, columns = _columns(asked)
    names = list(columns)
    for start, *values in zip(asked.edges, *columns.values(), strict=False):
        at = quarter_text(start)
        for name, value in zip(names, values, strict=True):
            yield {"timestamp": at, "value": value, "type": name, "unit": unit}


def _columns(asked: Cut) -> tuple[str, dict[str, list[float]]]:
    """The unit, and for each series its value in each interval."""
    series: dict[str, list[int]] = {}
    for counter, register in zip(asked.measured.counters, asked.measured.registers, strict=True):
        name = type_of(asked.measured, counter)
        amounts = asked.amounts(register)
        series[name] = list(map(add, series[name], amounts)) if name in series else amounts
    if asked.measured.set_up.has_statistics:
        return _KILOWATTS, _power(next(iter(series.values())), asked.edges)
    sums = {name: totals(amounts, asked.edges) for name, amounts in series.items()}
    return unit_of(asked.measured), {
        name: [amount / THOUSANDTHS for amount in amounts] for name, amounts in sums.items()
    }


def _power(amounts: list[int], edges: list[int]) -> dict[str, list[float]]:
    """The mean power of each interval, and the least and the greatest of its quarters, in kW."""
    first = edges[0]
    groups = [amounts[start - first : end - first] for start, end in pairwise(edges)]
    factor = _QUARTERS_OF_AN_HOUR / THOUSANDTHS
    return {
        "min": [round(min(group) * factor, _PRECISION) for group in groups],
        "average": [round(sum(group) * factor / len(group), _PRECISION) for group in groups],
        "max": [round(max(group) * factor, _PRECISION) for group in groups],
    }


def _type_options(measured: Measured) -> Iterator[Record]:
    if measured.set_up.has_statistics:
        for name in _STATISTICS:
            yield _type_option(name, name, _KILOWATTS)
        return
    for name in dict.fromkeys(type_of(measured, counter) for counter in measured.counters):
        yield _type_option(name, "sum", unit_of(measured))


def _type_option(name: str, method: str, unit: str) -> Record:
    german, english, color = _TYPES.get(name, (name, name, "primary"))
    return {
        "id": name,
        "label": {"de": german, "en": english},
        "aggregation_group": name if name.startswith("feed") else "consumption",
        "statistical_method": method,
        "unit": unit,
        "color": color,
        "precision": _PRECISION,
    }
