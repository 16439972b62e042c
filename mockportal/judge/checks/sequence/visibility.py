"""One customer neither sees nor changes the data of another."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mockportal.json_tree import filled, leaves, listed, replaced
from mockportal.judge.checks.reading import readable, reads
from mockportal.judge.checks.sequence.side_effects import alike, is_steady
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction, body_of
from mockportal.judge.wire.gate import variable
from mockportal.values import Json, Record

_REFUSED = range(400, 500)
_FEWEST = 5


@dataclass(slots=True)
class Customer:
    """A customer by the variable of their token. `ids` has what is theirs, by kind; `reads` what told so, by operation;
    `tells` the texts that tell who they are."""

    token: str
    ids: dict[str, list[str]] = field(default_factory=dict)
    reads: dict[str, Interaction] = field(default_factory=dict)
    tells: set[str] = field(default_factory=set)

    def known(self) -> set[str]:
        """The texts and ids by which an answer would tell of this customer."""
        return self.tells.union(*self.ids.values())


@dataclass(frozen=True, slots=True)
class Use:
    """A request that names one thing of a kind; `at` is where in the parameters and body the id stands."""

    operation: str
    kind: str
    params: Record
    body: Json

    def given(self, id: str) -> tuple[Record, Json]:
        """Parameters and body with that id."""
        return filled(self.params, {"id": id}), filled(self.body, {"id": id})


def others_data_stay_hidden(context: Context) -> None:
    """One customer's data stay hidden from another: no list shows them to both, a request for them by id is refused,
    and no answer to another customer contains a name, number or id of the first. Needs `others` in the targets file:
    tokens of customers who share nothing."""
    callers = customers_of(context)
    for one, other in _pairs(callers):
        _lists_are_apart(context, one, other)
    for owner, asking in directions(callers):
        for use in uses_of(context, owner_of_cases=callers[0]):
            if reads(context, use.operation):
                _ask(context, use, owner, asking)
        _tells_nothing(context, owner, asking)


def others_data_stay_untouched(context: Context) -> None:
    """A change to what belongs to another customer is refused, and its owner sees it as it was."""
    callers = customers_of(context)
    for owner, asking in directions(callers):
        for use in uses_of(context, owner_of_cases=callers[0]):
            if not reads(context, use.operation) and context.usable(use.operation):
                _try_to_change(context, use, owner, asking)
    if context.populated:
        for asking in callers[1:]:
            _owned_cases(context, asking)


def customers_of(context: Context) -> list[Customer]:
    """The caller of the cases, then the others; none if there are no others."""
    if not context.target.others or not context.target.tokens.get(knowledge("schemes")["customer"]):
        return []
    return [
        _caller(context, token)
        for token in (variable(knowledge("schemes")["customer"]), *context.target.strangers())
    ]


def _caller(context: Context, token: str) -> Customer:
    caller = Customer(token)
    rules = knowledge("visibility")
    for kind, place in rules["kinds"].items():
        body = _read(context, caller, place["operation"])
        records = listed(body, place["at"])
        caller.ids[kind] = [one[place["id"]] for one in records if isinstance(one.get(place["id"]), str)]
        caller.tells.update(
            value
            for path, value in leaves(records)
            if path[-1] in rules["identifying"] and isinstance(value, str) and len(value) >= _FEWEST
        )
    return caller


def _read(context: Context, caller: Customer, name: str) -> Json:
    if name not in caller.reads:
        if not context.usable(name):
            return None
        caller.reads[name] = context.call(name, token=caller.token, world=context.check)
    exchange = caller.reads[name]
    return body_of(exchange) if exchange.status == 200 else None


def _pairs(callers: list[Customer]) -> Iterator[tuple[Customer, Customer]]:
    for number, one in enumerate(callers):
        for other in callers[number + 1 :]:
            yield one, other


def directions(callers: list[Customer]) -> Iterator[tuple[Customer, Customer]]:
    """(owner, who asks): the others ask for what the first has, the first for what the second has."""
    for other in callers[1:]:
        yield callers[0], other
    if len(callers) > 1:
        yield callers[1], callers[0]


def _lists_are_apart(context: Context, one: Customer, other: Customer) -> None:
    for kind, place in knowledge("visibility")["kinds"].items():
        name = place["operation"]
        shared = sorted(set(one.ids[kind]) & set(other.ids[kind]))
        if name in one.reads and name in other.reads:
            thing = kind.replace("_", " ")
            message = f"shows the same {thing} to two customers who share nothing: {', '.join(shared[:1])}"
            context.expect(not shared, name, f"shared {kind}", message, one.reads[name], other.reads[name])


def uses_of(context: Context, owner_of_cases: Customer) -> list[Use]:
    """The requests of the targets file in which something of their caller is named, and those of the rules."""
    found = [
        Use(entry["operation"], kind, entry.get("params", {}), _over(context, entry))
        for kind, entries in knowledge("visibility")["uses"].items()
        for entry in entries
    ]
    kinds = {id: kind for kind, ids in reversed(owner_of_cases.ids.items()) for id in ids}
    for name in context.operations:
        case = context.case(name)
        if not case.token or case.token != context.target.tokens.get(knowledge("schemes")["customer"]):
            continue
        for path, value in leaves({"params": case.params, "body": case.body}):
            if isinstance(value, str) and value in kinds:
                whole = replaced({"params": case.params, "body": case.body}, path, "$id")
                found.append(Use(name, kinds[value], whole["params"], whole["body"]))
    return found


def _over(context: Context, entry: Mapping[str, Json]) -> Json:
    body = context.case(entry["operation"]).body
    return {**body, **entry["body"]} if "body" in entry else body


def _few(owner: Customer, kind: str, asking: Customer) -> list[str]:
    ids = [id for id in owner.ids.get(kind, ()) if id not in asking.ids.get(kind, ())]
    return [*dict.fromkeys((*ids[:1], *ids[-1:]))]


def _ask(context: Context, use: Use, owner: Customer, asking: Customer) -> None:
    if not readable(context, use.operation):
        return
    for id in _few(owner, use.kind, asking):
        params, body = use.given(id)
        exchange = context.call(
            use.operation, params=params, body=body, token=asking.token, world=context.check
        )
        _refuses(context, use, exchange, owner)


def _refuses(context: Context, use: Use, exchange: Interaction, owner: Customer) -> bool:
    if exchange.received is None or _counts_nothing(exchange):
        return True
    thing = use.kind.replace("_", " ")
    message = (
        f"answers {exchange.status} to a customer who names the {thing} of another one; expected a refusal"
    )
    told = owner.reads[knowledge("visibility")["kinds"][use.kind]["operation"]]
    good = exchange.status in _REFUSED
    return context.expect(good, use.operation, f"foreign {use.kind}", message, told, exchange)


def _counts_nothing(exchange: Interaction) -> bool:
    """True if this is the documented empty answer of an operation that does not refuse foreign ids."""
    empty = knowledge("visibility")["empty"]
    if exchange.sent.operation not in empty or exchange.status != 200:
        return False
    count = empty[exchange.sent.operation]
    body = body_of(exchange)
    return not count or (isinstance(body, dict) and not body.get(count))


def _tells_nothing(context: Context, owner: Customer, asking: Customer) -> None:
    """Every answer that the one who asks can have names nothing of the owner, unless the request named it. What is in
    the lists of both is left out: whose it is they do not tell."""
    known = owner.known() - asking.known()
    if not known:
        return
    pattern = re.compile(
        r"(?<![\w-])(?:" + "|".join(re.escape(text) for text in sorted(known)) + r")(?![\w-])"
    )
    for name, exchange in _answers(context, asking):
        if exchange.received is None:
            continue
        sent = exchange.sent.target + exchange.sent.body.decode(errors="replace")
        found = set(pattern.findall(exchange.received.body.decode(errors="replace")))
        leaked = sorted(text for text in found if text not in sent)
        message = f"tells one customer {leaked[0] if leaked else ''!r}, which belongs to another one"
        told = next(iter(owner.reads.values()))
        context.expect(not leaked, name, "leak", message, told, exchange)


def _answers(context: Context, asking: Customer) -> Iterator[tuple[str, Interaction]]:
    """The answers of every read that a customer may call, and of the details of everything they own."""
    yield from asking.reads.items()
    customers = {*knowledge("schemes")["customers"]}
    for name, operation in context.operations.items():
        if (
            any(alternative & customers for alternative in operation.security)
            and name not in asking.reads
            and readable(context, name)
        ):
            yield name, context.call(name, token=asking.token, world=context.check)
    for kind, entries in knowledge("visibility")["uses"].items():
        for entry in entries:
            name = entry["operation"]
            if asking.ids[kind] and readable(context, name):
                use = Use(name, kind, entry.get("params", {}), _over(context, entry))
                params, body = use.given(asking.ids[kind][0])
                yield (
                    name,
                    context.call(name, params=params, body=body, token=asking.token, world=context.check),
                )


def _owned_cases(context: Context, asking: Customer) -> None:
    for name in knowledge("visibility")["owned"]:
        if context.usable(name):
            exchange = context.call(name, token=asking.token)
            message = (
                f"answers {exchange.status} to a customer who names what is another one's; expected a refusal"
            )
            context.expect(exchange.status in _REFUSED, name, "foreign case", message, exchange)


def _try_to_change(context: Context, use: Use, owner: Customer, asking: Customer) -> None:
    """In a world of its own: what the owner sees, the foreign request, what the owner sees then."""
    world = f"{context.check}-{use.operation}"
    place = knowledge("visibility")["kinds"][use.kind]
    if not context.usable(place["operation"]):
        return
    for id in _few(owner, use.kind, asking):
        params, body = use.given(id)
        before = context.call(place["operation"], token=owner.token, world=world)
        exchange = context.call(use.operation, params=params, body=body, token=asking.token, world=world)
        after = context.call(place["operation"], token=owner.token, world=world)
        if _refuses(context, use, exchange, owner) and before.status == after.status == 200:
            thing = use.kind.replace("_", " ")
            message = (
                f"refuses to change the {thing} of another customer with {exchange.status}, and changes it"
            )
            same = alike(before, after)
            if not same and not is_steady(context, place["operation"], token=owner.token):
                continue
            context.expect(same, use.operation, f"changed {use.kind}", message, before, exchange, after)
