"""Days as Germany counts them."""

from calendar import monthrange
from datetime import date

from mockportal.state.clock import german_day
from mockportal.state.store import Draft


def today(state: Draft) -> date:
    """The world's day in Germany."""
    return german_day(state.now())


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
