"""Prices of energy by the hour, with their parts, and the costs of consumption. Amounts are net.

All is reckoned in integers: prices in millionths of the currency for a unit, costs in exact multiples of that. Only
the texts that go out are decimals, so parts add up to their price, and costs to consumption times price.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from hashlib import shake_128
from itertools import pairwise
from typing import NamedTuple

from mockportal.portal.collections import related_ids
from mockportal.portal.entity.money import CURRENCY
from mockportal.portal.metering.measuring import THOUSANDTHS, Cut, Measured
from mockportal.portal.metering.time_series import DAY, HIGH_TARIFF, local_hours, quarter_text, totals
from mockportal.state.store import Draft
from mockportal.values import Json, Record

COMPONENTS = ("auction_price", "taxes_levies", "source_fee", "grid_fee", "margin")

_PRICE_PLACES = 6
_COST_PLACES = 12  # millionths of the price, thousandths of the amount, thousandths of the conversion factor
_TAXES_AND_LEVIES, _SOURCE_FEE, _GRID_FEE = 59_210, 1_500, 112_300

# A day at the power exchange, in millionths for a kilowatt hour: dear in the evening, cheap when the sun shines.
_AUCTION = (
    78, 74, 71, 70, 72, 80, 96, 110, 104, 86, 70, 58,
    50, 48, 54, 66, 84, 108, 128, 134, 122, 106, 94, 84,
)  # fmt: skip
_SUN = (0, 0, 0, 0, 0, 0, 0, 4, 12, 22, 32, 40, 44, 44, 40, 32, 22, 12, 4, 0, 0, 0, 0, 0)
_SEASON = (14, 12, 6, 0, -6, -8, -8, -4, 2, 6, 12, 15)
_SUNNY_MONTHS = range(4, 10)
_HOLIDAY = -14
_STEP = 10  # auctions settle in hundredths of a euro for a megawatt hour


class Tariff(NamedTuple):
    """The price for one `unit`, in millionths. `margin` is that of a dynamic tariff, which the exchange sets."""

    unit: str
    tax_rate: int
    high: int = 0
    low: int = 0
    margin: int | None = None


def prices(cut: Cut, tariff: Tariff, seed: int) -> Iterator[Record]:
    """The mean price of each interval; the parts of the mean are the means of the parts."""
    if not cut.edges:
        return
    first, last = cut.edges[0], cut.edges[-1]
    hours = hour_prices(tariff, seed, first, last)
    quarters = zip(*(hours[n // 4 - first // 4] for n in range(first, last)), strict=True)
    sums = [totals(list(part), cut.edges) for part in quarters]
    known: dict[tuple[int, ...], Record] = {}  # the quarters of an hour have the same price
    for (start, end), parts in zip(pairwise(cut.edges), zip(*sums, strict=True), strict=True):
        means = tuple(_rounded(part, end - start) for part in parts)
        if means not in known:
            known[means] = _price(means, tariff)
        yield {"timestamp": quarter_text(start), **known[means]}


def costs(cut: Cut, tariff: Tariff, seed: int) -> Iterator[Record]:
    """The costs of each interval: its consumption at the prices of its hours. Feed-in costs nothing."""
    counters = zip(cut.measured.counters, cut.measured.registers, strict=True)
    drawn = [(counter, register) for counter, register in counters if counter.get("direction") != "feed-in"]
    if not cut.edges or not drawn:
        return
    first, last = cut.edges[0], cut.edges[-1]
    hours = [sum(parts) for parts in hour_prices(tariff, seed, first, last)]
    quarters = [0] * (last - first)
    for counter, register in drawn:
        factor, offset = _factor(counter, tariff.unit), first // 4
        for n, amount in enumerate(cut.amounts(register)):
            quarters[n] += amount * factor * hours[(first + n) // 4 - offset]
    for start, cost in zip(cut.edges, totals(quarters, cut.edges), strict=False):
        yield {"timestamp": quarter_text(start), **_amount(cost, _COST_PLACES), **_tax(tariff)}


def tariff_of(state: Draft, measured: Measured) -> Tariff | None:
    """The tariff of the contract's product: its price for consumption, or two of them for high and low tariff.

    None for a contract without such a price.
    """
    found = []
    for product_id in related_ids((measured.contract or {}).get("product")):
        product = state.collection("product").find(product_id) or {}
        for id in related_ids(product.get("price_options")):
            price = state.collection("price").find(id) or {}
            if price.get("type") == "recurring" and "billing_period" not in price:
                found.append(price)
    if not found:
        return None
    unit = str(found[0].get("unit", "kWh"))
    amounts = [_net(price) // (1000 if unit == "MWh" else 1) for price in found]
    is_dynamic = found[0].get("pricing_model") == "dynamic_tariff"
    return Tariff(
        unit="kWh" if unit == "MWh" else unit,
        tax_rate=_tax_rate(found[0]),
        high=max(amounts),
        low=min(amounts),
        margin=amounts[0] if is_dynamic else None,
    )


def hour_prices(tariff: Tariff, seed: int, first: int, last: int) -> list[tuple[int, ...]]:
    """The price of each hour that the quarters from `first` up to `last` touch: its five parts, or itself."""
    days = range(first // DAY, (last - 1) // DAY + 1)
    hours = [parts for day in days for parts in _day_prices(tariff, seed, day)]
    skipped = first % DAY // 4
    return hours[skipped : skipped + (last - 1) // 4 - first // 4 + 1]


def decimal_text(amount: int, places: int) -> str:
    """`amount` with its last `places` digits as decimals; of trailing zeros, two decimals stay."""
    sign, digits = "-" * (amount < 0), f"{abs(amount):0{places + 1}d}"
    return f"{sign}{digits[:-places]}.{digits[-places:].rstrip('0').ljust(2, '0')}"


@lru_cache(maxsize=8192)
def _day_prices(tariff: Tariff, seed: int, day: int) -> tuple[tuple[int, ...], ...]:
    if tariff.margin is None:
        high, low = (tariff.high,), (tariff.low,)
        return tuple(high if local.hour in HIGH_TARIFF else low for local in local_hours(day))
    fees = (_TAXES_AND_LEVIES, _SOURCE_FEE, _GRID_FEE, tariff.margin)
    return tuple((auction, *fees) for auction in _auction(seed, day))


def _auction(seed: int, day: int) -> Iterator[int]:
    """The prices of a day at the exchange, the same for everybody; on sunny days they may fall below zero."""
    noise = shake_128(f"{seed}/auction/{day}".encode()).digest(25)
    sun = noise[24] if local_hours(day)[12].month in _SUNNY_MONTHS else noise[24] // 4
    for local, wobble in zip(local_hours(day), noise, strict=False):
        price = _AUCTION[local.hour] + _SEASON[local.month - 1] + (0 if local.is_workday else _HOLIDAY)
        millionths = price * 1000 - _SUN[local.hour] * sun * 7 + (wobble - 128) * 90
        yield millionths // _STEP * _STEP


def _price(parts: Sequence[int], tariff: Tariff) -> Record:
    price = {**_amount(sum(parts), _PRICE_PLACES), **_tax(tariff)}
    if tariff.margin is not None:
        price["components"] = {}
        for name, part in zip(COMPONENTS, parts, strict=True):
            price["components"][f"{name}_amount"] = _cents(part, _PRICE_PLACES)
            price["components"][f"{name}_amount_decimal"] = decimal_text(part, _PRICE_PLACES)
    return price


def _amount(amount: int, places: int) -> Record:
    return {"unit_amount": _cents(amount, places), "unit_amount_decimal": decimal_text(amount, places)}


def _tax(tariff: Tariff) -> Record:
    return {"unit_amount_currency": CURRENCY, "tax_behavior": "exclusive", "tax_rate": tariff.tax_rate}


def _cents(amount: int, places: int) -> int:
    """Whole cents; half a cent is rounded up, away from zero."""
    cents = _rounded(abs(amount), 10 ** (places - 2))
    return -cents if amount < 0 else cents


def _rounded(amount: int, divisor: int) -> int:
    return (2 * amount + divisor) // (2 * divisor)


def _factor(counter: Record, unit: str) -> int:
    """The number of price units in a unit of the counter, in thousandths. Gas is billed in kWh."""
    if unit != "kWh":
        return THOUSANDTHS
    own = {"Wh": 1, "kWh": THOUSANDTHS, "MWh": THOUSANDTHS**2}.get(str(counter.get("unit", "kWh")))
    return own or int(_decimal(counter.get("conversion_factor"), "1") * THOUSANDTHS)


def _net(price: Record) -> int:
    net = price.get("unit_amount_net_decimal")
    if net is not None:
        return _millionths(_decimal(net, "0"))
    amount = _decimal(price.get("unit_amount_decimal"), "0")
    return _millionths(amount * 100 / (100 + _tax_rate(price)) if price.get("is_tax_inclusive") else amount)


def _tax_rate(price: Record) -> int:
    return int(_decimal(price.get("tax_rate"), "19"))


def _millionths(amount: Decimal) -> int:
    return int((amount * 10**_PRICE_PLACES).to_integral_value())


def _decimal(value: Json, default: str) -> Decimal:
    """A number, or a text that is one; anything else is the default."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return Decimal(default)
    return found if found.is_finite() else Decimal(default)
