"""The values that journeys write: texts and free-form values that are stored as they are, or not at all."""

from hypothesis import strategies as st

_TEXTS = (
    "Zähler",
    "",
    "Übersicht „Verträge“ & Zähler",
    "名前 🏡 ﷽",
    " vorn und hinten ",
    'a "quoted" <b>text</b> \\ /',
    "line\nbreak\ttab",
    "null",
    "0",
    "l" * 400,
)
_NAMES = ("title", "de", "en", "größe", "Mixed_Case", "0", "items")

TEXTS = st.sampled_from(_TEXTS)
FILLED = st.sampled_from([text for text in _TEXTS if text.strip() == text and "\n" not in text and text])
NUMBERS = st.sampled_from((0, 1, -1, 2.5, 1e6, 2**40))
SCALARS = st.one_of(TEXTS, NUMBERS, st.booleans())
LISTS = st.lists(SCALARS, max_size=3)
OBJECTS = st.dictionaries(st.sampled_from(_NAMES), st.one_of(SCALARS, LISTS), max_size=3)
FREE = st.dictionaries(st.sampled_from(_NAMES), st.one_of(SCALARS, LISTS, OBJECTS), max_size=4)
# each attribute of one type, for a target may refuse to change it
TYPED = st.fixed_dictionaries(
    {},
    optional={
        "title": TEXTS,
        "größe": NUMBERS,
        "flag": st.booleans(),
        "items": st.lists(TEXTS, max_size=3),
        "labels": st.dictionaries(st.sampled_from(("de", "en")), TEXTS),
    },
)
WHICH = st.integers(0, 50)
