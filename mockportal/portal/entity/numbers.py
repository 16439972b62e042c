"""Numbers of requests and records: JSON has one kind, so an integer may be written as a float."""

from mockportal.values import Json

_LARGEST = 2**63


def whole(value: float) -> int:
    """The integer part; `10.0` is 10, and what is too large for any list is cut down."""
    return int(min(max(value, -_LARGEST), _LARGEST))


def whole_or_none(value: Json) -> int | None:
    """An integer however it is written; None for everything else, booleans too."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return whole(value) if value == whole(value) else None


def in_german(number: float) -> str:
    """`25.000,5`"""
    return in_english(number).translate({ord(","): ".", ord("."): ","})


def in_english(number: float) -> str:
    """`25,000.5`"""
    exact = whole_or_none(number)
    return f"{number if exact is None else exact:,}"
