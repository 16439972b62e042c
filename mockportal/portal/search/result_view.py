"""An entity as a search hands it out: hydrated, cut down to the wanted fields, with its templates filled in."""

import re
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase

from mockportal.config import LIMITS
from mockportal.errors import BadRequest
from mockportal.portal.entity.paths import Lens, references, refs
from mockportal.portal.entity.templates import compile_template
from mockportal.portal.entity.visibility import SYSTEM_FIELDS
from mockportal.portal.search.full_text import Words, highlighted, snippets
from mockportal.values import Json, Record, encode

Show = Callable[[Record], Record]
Compiled = Mapping[str, Json]  # name → template, or → name → template

_Pattern = tuple[str, ...]
_SEVERAL = re.compile(r"\*\*(?:\.\*\*)+")  # says no more than one of them


def compile_show(
    query: Record, lens: Lens, context: Record, templates: Mapping[str, Record | None], words: Words | None
) -> Show:
    """Compiles the view of search results. `templates` are by slug; `context` holds the other values they may use.

    The view raises `BadRequest` when the results together are larger than an answer may be.
    """
    compiled = {slug: compile_templates(named, lens) for slug, named in templates.items() if named}
    pick = compile_fields(query.get("fields", []))
    marks = words if "highlight" in query else None

    def show(record: Record) -> Record:
        slug = str(record["_schema"])
        view = lens.view(record)
        item = pick(_hydrated(lens, view) if query["hydrate"] else view)
        if slug in compiled:
            output = rendered_templates(compiled[slug], {**context, slug: record}, lens)
            item = {**item, "templates_output": output}
            if marks:
                item["templates_output_highlighted"] = highlighted(marks, output)
        return {**item, "search_snippets": snippets(marks, lens, record)} if marks else item

    return _limited(show)


def _limited(show: Show) -> Show:
    """The same view, which refuses to go on when what it has shown is larger than an answer."""
    size = 0

    def limited(record: Record) -> Record:
        nonlocal size
        item = show(record)
        size += len(encode(item))
        if size > LIMITS.answer:
            raise BadRequest(f"{LIMITS.said('answer')}; ask for less")
        return item

    return limited


def compile_fields(fields: list[str]) -> Show:
    """Keeps the fields that a list names: paths with `*` for one step and `**` for any, `!` in front to leave out.

    Without a name that includes, all are included. System fields stay.
    """
    included = _patterns(field for field in fields if not field.startswith("!"))
    excluded = _patterns(field[1:] for field in fields if field.startswith("!"))
    if not fields:
        return lambda record: record

    def pick(record: Record) -> Record:
        kept = _without(_kept(record, included) if included else record, excluded)
        return {**kept, **{name: record[name] for name in SYSTEM_FIELDS if name in record}}

    return pick


def _patterns(fields: Iterable[str]) -> frozenset[_Pattern]:
    return frozenset(tuple(_SEVERAL.sub("**", field).split(".")) for field in fields)


def _kept(value: Json, patterns: frozenset[_Pattern]) -> Json:
    if isinstance(value, list):
        return [part for one in value if (part := _kept(one, patterns))]
    kept = {}
    for name, held in value.items() if isinstance(value, dict) else ():
        rest = _advanced(patterns, name)
        if () in rest:
            kept[name] = held
        elif rest and (part := _kept(held, rest)):
            kept[name] = part
    return kept


def _without(value: Json, patterns: frozenset[_Pattern]) -> Json:
    if isinstance(value, list):
        return [_without(one, patterns) for one in value]
    if not isinstance(value, dict) or not patterns:
        return value
    steps = ((name, held, _advanced(patterns, name)) for name, held in value.items())
    return {name: _without(held, rest) for name, held, rest in steps if () not in rest}


def _advanced(patterns: frozenset[_Pattern], name: str) -> frozenset[_Pattern]:
    """The rest of the patterns one step further down. An empty pattern has reached its end."""
    left = set()
    for first, *rest in (pattern for pattern in patterns if pattern):
        if first == "**":
            left.add((first, *rest))
            left |= _advanced(frozenset((tuple(rest),)), name) if rest else {()}
        elif fnmatchcase(name, first):
            left.add(tuple(rest))
    return frozenset(left)


def _hydrated(lens: Lens, view: Record) -> Record:
    return {name: _resolved(lens, value) for name, value in view.items()}


def _resolved(lens: Lens, value: Json) -> Json:
    """A relation as the list of its visible entities, each with the `$relation` that led to it."""
    if not isinstance(value, dict):
        return value
    if "$relation" in value:
        found = ((ref, lens.entity(str(ref.get("entity_id")))) for ref in refs(value["$relation"]))
        return [
            {**lens.view(entity), "$relation": {"entity_id": entity["_id"], "_tags": ref.get("_tags", [])}}
            for ref, entity in found
            if entity is not None
        ]
    if "$relation_ref" in value:
        return [
            {**held, "$relation_ref": ref} if isinstance(held, dict) else held
            for ref, held in references(lens, value)
        ]
    return value


def compile_templates(templates: Record, lens: Lens) -> Compiled:
    """The templates, ready to be rendered; some may be nested."""
    return {
        name: compile_templates(template, lens)
        if isinstance(template, dict)
        else compile_template(template, lens)
        for name, template in templates.items()
    }


def rendered_templates(templates: Compiled, context: Record, lens: Lens) -> Record:
    """The text of each template, nested as they are."""
    return {
        name: template(context, lens) if callable(template) else rendered_templates(template, context, lens)
        for name, template in templates.items()
    }
