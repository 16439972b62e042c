"""The values of scalars: the core schema of YAML 1.2, without what JSON cannot hold. Raises `ValueError`."""

import re

from mockportal.values import Json, Record

_PREFIX = "tag:yaml.org,2002:"
_DIGITS = 300  # more are no number that a client could read
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DOUBTFUL = re.compile(r"[-+]?0[0-9]+(\.[0-9]*)?|\+[0-9]+(\.[0-9]*)?")
_NULLS = dict.fromkeys(("", "~", "null", "Null", "NULL"))
_BOOLS = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_WORDS = _NULLS | _BOOLS
CORE_TAGS = tuple(_PREFIX + name for name in ("str", "int", "float", "bool", "null"))


def plain_value(text: str) -> Json:
    """The value of a scalar without quotes and tag."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        return _float(text)
    return text


def tagged_value(tag: str, text: str) -> Json:
    """The value of a scalar behind one of `CORE_TAGS`."""
    name = tag.removeprefix(_PREFIX)
    if name == "str":
        return text
    if name == "int" and _INTEGER.fullmatch(text):
        return _integer(text)
    if name == "float" and _FLOAT.fullmatch(text):
        return _float(text)
    tables: Record = {"bool": _BOOLS, "null": _NULLS}
    words: Record = tables.get(name, {})
    if text not in words:
        raise ValueError(f"is not a !!{name}: {text[:50]!r}")
    return words[text]


def shown_tag(tag: str) -> str:
    """The tag as a file writes it."""
    return f"!!{tag.removeprefix(_PREFIX)}" if tag.startswith(_PREFIX) else tag


def is_doubtful(text: str) -> bool:
    """True if a plain scalar is a number that may well be meant as a text: `01067` or `+491701234567`."""
    return _DOUBTFUL.fullmatch(text) is not None


def _integer(text: str) -> int:
    if len(text) > _DIGITS:
        raise ValueError(f"is a number of {len(text)} digits; more than {_DIGITS} are not read")
    return int(text, 0) if text[:2] in ("0o", "0x") else int(text)


def _float(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"is a number beyond what JSON readers can hold: {text[:50]}")
    return value
