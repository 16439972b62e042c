"""The lists of the API, as `contracts/knowledge/lists.yaml` describes them, and how they are asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Literal

from mockportal.errors import UsageError, hint
from mockportal.judge.checks.reading import readable
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction, body_of
from mockportal.judge.wire.gate import variable
from mockportal.values import Json, Record, encode

FILE = "lists"
MOST = 1000


@dataclass(frozen=True, slots=True)
class Listing:
    """One list; the words are those of the rules file. `body` None means that of the valid case."""

    operation: str
    items: str
    label: str = ""
    key: tuple[str, ...] = ("_id",)
    askers: tuple[str, ...] = ()
    body: Json = None
    set: Mapping[str, Json] = field(default_factory=dict)
    page: Mapping[str, str] = field(default_factory=dict)
    total: str = ""
    shown: str = ""
    more: str = ""
    echo: Mapping[str, str] = field(default_factory=dict)
    order: tuple[Record, ...] = ()
    sort: Record = field(default_factory=dict)
    filters: tuple[Record, ...] = ()

    def named(self, what: str) -> str:
        """A signature: `what`, and the label of the list if there is one."""
        return f"{self.label}: {what}" if self.label else what

    def id_of(self, item: Json) -> str:
        """The value that identifies an item."""
        if self.key and isinstance(item, dict) and item.keys() & set(self.key):
            item = [item.get(name) for name in self.key]
        return encode(item).decode()


@dataclass(frozen=True, slots=True)
class ListedPage:
    """The answer of a list: its items, and their names in the same order."""

    exchange: Interaction
    body: Json
    items: list[Json]
    ids: list[str]

    def number(self, at: str) -> int | None:
        """The whole number at a pointer, if there is one."""
        value = first(self.body, at) if at else None
        if not isinstance(value, int | float) or isinstance(value, bool) or value != int(value):
            return None
        return int(value)


@dataclass(frozen=True, slots=True)
class Asker:
    """A list as one caller asks for it; `token` None is the caller of the valid case."""

    context: Context
    listing: Listing
    token: str | None

    def ask(self, settings: Mapping[str, Json] | None = None) -> ListedPage | None:
        """The answer with these parameters or fields of the body; None if it is not a list that succeeded."""
        return self.page(self.sent(settings or {}))

    def sent(self, settings: Mapping[str, Json]) -> Interaction:
        """The call with these parameters or fields of the body."""
        listing = self.listing
        name = listing.operation
        places = {parameter.name for parameter in self.context.spec.operations[name].parameters}
        given = {**listing.set, **settings}
        body = self.context.case(name).body if listing.body is None else listing.body
        own = {key: value for key, value in given.items() if key not in places}
        return self.context.call(
            name,
            params={key: value for key, value in given.items() if key in places},
            body={**body, **own} if isinstance(body, dict) else body,
            token=self.token,
        )

    def page(self, exchange: Interaction) -> ListedPage | None:
        """The list in an answer; None if it did not succeed."""
        body = body_of(exchange)
        items = first(body, self.listing.items)
        if not 200 <= exchange.status < 300 or not isinstance(items, list):
            return None
        return ListedPage(exchange, body, items, [self.listing.id_of(item) for item in items])

    def whole(self, settings: Mapping[str, Json] | None = None) -> ListedPage | None:
        """Everything there is, in one page; None where that cannot be known."""
        size = {self.listing.page["size"]: MOST} if self.listing.page else {}
        page = self.ask({**(settings or {}), **size})
        return None if page is None or (self.listing.page and len(page.items) >= MOST) else page

    def same(self, page: ListedPage, settings: Mapping[str, Json] | None = None) -> bool:
        """True if the whole list is unchanged; somebody else may have changed it in the meantime."""
        again = self.whole(settings)
        return again is not None and again.ids == page.ids

    def expect(self, good: bool, what: str, message: str, *exchanges: Interaction) -> bool:
        """Books a pass, or a finding."""
        return self.context.expect(
            good, self.listing.operation, self.listing.named(what), message, *exchanges
        )


def askers(
    context: Context, wanted: Literal["page", "order", "sort", "filters", "operation"]
) -> Iterator[Asker]:
    """Whoever can ask for the lists of which the rules know `wanted`."""
    for listing in listings():
        if not getattr(listing, wanted) or listing.operation not in context.operations:
            continue
        if not readable(context, listing.operation):
            continue
        others = [variable(token) for token in listing.askers]
        for token in (None, *(token for token in others if token in context.sender.gate.tokens)):
            yield Asker(context, listing, token)


def listings() -> list[Listing]:
    """All lists of the rules file. Raises `UsageError` for a word that means nothing."""
    read: list[Listing] = []
    labelled: dict[str, Record] = {}
    for number, entry in enumerate(knowledge(FILE)["lists"]):
        words = {**labelled[entry["like"]], **entry} if "like" in entry else dict(entry)
        words.pop("like", None)
        labelled[words.get("label", "")] = words
        read.append(_listing(words, f"contracts/knowledge/{FILE}.yaml: /lists/{number}"))
    return read


def _listing(words: Record, where: str) -> Listing:
    known = {one.name for one in fields(Listing)}
    unknown = sorted(words.keys() - known)
    if unknown:
        word = unknown[0]
        raise UsageError(f"{where}/{word}", f"names no list that is known{hint(word, known)}")
    if not words.keys() >= {"operation", "items"}:
        raise UsageError(where, "needs an operation and items")
    tuples = ("key", "askers", "order", "filters")
    made: Record = {key: tuple(value) if key in tuples else value for key, value in words.items()}
    return Listing(**made)


def every(value: Json, at: str) -> list[Json]:
    """The values at a JSON pointer, in which `*` stands for every entry; an empty list if there is none."""
    found = [value]
    for step in at.split("/")[1:]:
        found = [below for one in found for below in _below(one, step)]
    return [one for one in found if one is not None]


def _below(value: Json, step: str) -> list[Json]:
    if isinstance(value, list):
        return value if step == "*" else []
    return [value[step]] if isinstance(value, dict) and step in value else []


def first(value: Json, *places: str) -> Json:
    """The value at the first of these pointers at which there is one."""
    return next((found for at in places for found in every(value, at)), None)


def put_in(template: Json, names: Mapping[str, Json]) -> Json:
    """The template with each `$name` as its value; within a longer text, as text."""
    if isinstance(template, dict):
        return {key: put_in(item, names) for key, item in template.items()}
    if isinstance(template, list):
        return [put_in(item, names) for item in template]
    if not isinstance(template, str) or "$" not in template:
        return template
    if template[1:] in names:
        return names[template[1:]]
    for name, value in names.items():
        template = template.replace(f"${name}", str(value).lower() if isinstance(value, bool) else str(value))
    return template
