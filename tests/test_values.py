"""Reading JSON: depth, digits, and texts made to keep a reader busy."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockportal.config import LIMITS
from mockportal.values import Json, decode, encode, size_of

VALUES = st.recursive(
    st.none() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=2), inner),
)


def depth_of(value: Json) -> int:
    """The plain definition, to compare with."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if items is None else 1 + max(map(depth_of, items), default=0)


@pytest.mark.parametrize(("opens", "closes"), [("[", "]"), ('{"a":', "}"), ('[{"a":[', "]}]")])
@pytest.mark.parametrize("inside", ["1", "[]", "{}", '"[[["'])
def test_nesting_is_refused_beyond_the_limit_and_not_before(opens: str, closes: str, inside: str) -> None:
    levels = opens.count("[") + opens.count("{")
    own = 1 if inside in ("[]", "{}") else 0
    for times in range((LIMITS.depth - own) // levels - 1, (LIMITS.depth - own) // levels + 2):
        text = (opens * times + inside + closes * times).encode()
        if times * levels + own > LIMITS.depth:
            with pytest.raises(ValueError, match="levels of nesting"):
                decode(text)
        else:
            assert encode(decode(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        b"[" * 101 + b'"' + b'\\"' * 5_000_000,
        b"[" * 5_000_000,
        b'{"a":' * 1_000_000,
        b"[" + b'"[",' * 2_000_000,
        b'"' + b"\\" * 10_000_001,
    ],
    ids=["unterminated text", "lists", "maps", "brackets in texts", "backslashes"],
)
def test_ten_megabytes_made_to_keep_a_reader_busy_are_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"line|recursion|depth|levels"):
        decode(text)


@given(VALUES)
def test_depth_agrees_with_its_plain_definition(value: Json) -> None:
    wrapped = value
    for _ in range(LIMITS.depth - depth_of(value)):
        wrapped = [wrapped]

    assert decode(encode(wrapped)) == wrapped
    with pytest.raises(ValueError, match="levels of nesting"):
        decode(encode([wrapped]))


def test_integers_keep_all_their_digits() -> None:
    assert decode(b"[12345678901234567890123]") == [12345678901234567890123]


def test_json_keeps_no_more_memory_than_it_has_bytes() -> None:
    tracemalloc.start()
    kept = [encode({"message": "no"}) for _ in range(1_000)]
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert size < 200 * len(kept)


def test_size_is_told_of_every_value() -> None:
    assert size_of({"a": [1, "é"]}) == len(encode({"a": [1, "é"]}))
    assert size_of({"a": 10**30}) > 30
