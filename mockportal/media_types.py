"""Media types: parsed, and matched against the types and ranges that a document names (RFC 9110, 8.3.1 and 12.5.1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from python_multipart.multipart import parse_options_header

_JSON = ("application/json", "text/json")
_CHARSET = "charset"
_WEIGHT = "q"  # of a type in an `Accept` header, no part of the type


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type, or a range such as `text/*`; all in lower case, apart from the values of parameters.

    parameters: name and value of each, without quotes; the value of `charset` is in lower case
    """

    type: str
    subtype: str
    parameters: frozenset[tuple[str, str]] = frozenset()

    @property
    def name(self) -> str:
        """`application/json`"""
        return f"{self.type}/{self.subtype}" if self.subtype else self.type

    @property
    def is_json(self) -> bool:
        """True for JSON itself, and for a type that is built on it, such as `application/hal+json`."""
        return self.name in _JSON or self.subtype.endswith("+json")

    @property
    def charset(self) -> str:
        """The encoding of a text; UTF-8 if none is named."""
        return dict(self.parameters).get(_CHARSET) or "utf-8"

    def covers(self, sent: "MediaType") -> bool:
        """True if what is `sent` is of this type, or within this range.

        Each parameter has to be the same, apart from a `charset` that only one of them names. JSON has no charsets.
        """
        if not (_part_covers(self.type, sent.type) and _part_covers(self.subtype, sent.subtype)):
            return False
        names = {name for name, _ in sent.parameters}
        own = [pair for pair in self.parameters if pair[0] != _WEIGHT]
        wanted = {(name, value) for name, value in own if name != _CHARSET or name in names}
        return wanted <= sent.parameters or (sent.is_json and all(name == _CHARSET for name, _ in wanted))

    def precision(self) -> tuple[bool, bool, bool, int]:
        """The greater, the fewer types it covers."""
        return "*" not in self.type, self.subtype != "*", "*" not in self.subtype, len(self.parameters)


@lru_cache(maxsize=128)
def media_type_of(text: str) -> MediaType:
    """The media type that a `Content-Type` or a document spells."""
    name, options = parse_options_header(text)
    kind, _, subtype = name.decode("latin-1").partition("/")
    parameters = [(key.decode("latin-1").lower(), value.decode("latin-1")) for key, value in options.items()]
    return MediaType(
        kind.strip(),
        subtype.strip(),
        frozenset((key, value.lower() if key == _CHARSET else value) for key, value in parameters),
    )


def best_match(sent: MediaType, documented: Iterable[str]) -> str | None:
    """The most precise of the documented types and ranges that covers what is sent; of equals, the first."""
    matches = [(media_type_of(text), text) for text in documented]
    covering = [(one.precision(), text) for one, text in matches if one.covers(sent)]
    return max(covering, key=lambda pair: pair[0])[1] if covering else None


def preferred(accept: str, offered: Iterable[str]) -> str | None:
    """The type on offer that an `Accept` header likes best; of equals the first, of none JSON.

    A type that the header does not name is taken as a last resort: an answer of another type is better than none.
    """
    types = [*offered]
    wishes = [(media_type_of(part), _weight(part)) for part in accept.split(",") if part.strip()]
    liked = {
        one: max((weight for wish, weight in wishes if wish.covers(media_type_of(one))), default=0.0)
        for one in types
    }
    by_default = sorted(types, key=lambda one: not media_type_of(one).is_json)
    return max(by_default, key=lambda one: liked[one], default=None)


def _weight(part: str) -> float:
    """The `q` of one type in an `Accept` header (RFC 9110, 12.4.2): 1 if it has none, or one that is no number."""
    try:
        return float(dict(media_type_of(part).parameters).get("q", "1"))
    except ValueError:
        return 1.0


def _part_covers(own: str, other: str) -> bool:
    """`*` covers everything, `*+json` everything that ends like it."""
    return own in ("*", other) or (own.startswith("*+") and other.endswith(own[1:]))
