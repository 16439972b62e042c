"""The records of a world as a person looks at them: by name, with their relations as links, now or at any moment."""

from collections.abc import Iterator
from itertools import islice

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockportal.engine.world import World
from mockportal.errors import hint
from mockportal.state.changes import changed_keys
from mockportal.state.data_model import Kind
from mockportal.state.record_check import documented_attributes, kinds_in
from mockportal.state.store import Draft, State
from mockportal.values import Json, Record
from mockportal.web.console.fields import shape_of
from mockportal.web.control.input import as_json, check_query, kind_of, mock_of, number_of, world_of
from mockportal.web.control.time_travel import moment_of

_TITLES = ("_title", "title", "name", "subject", "display_name", "label", "email", "slug", "template")
_PAGE = 200
_SEARCHED = 200  # characters of a text that is searched


async def list_collections(request: Request) -> Response:
    """`{"collections": [{name, key, records, changed}]}`: all that there are; `changed` since the start."""
    check_query(request, "at")
    world = world_of(request)
    state = _state(request, world)
    counts = state.counts()
    listed = [
        {
            "name": kind.name,
            "key": kind.key,
            "records": counts.get(kind.name, 0),
            "changed": len(_changed(world, state, kind)),
        }
        for kind in sorted(world.scenario.data.kinds.values(), key=lambda kind: kind.name)
    ]
    return as_json({"collections": listed})


async def list_rows(request: Request) -> Response:
    """`{"total", "records": [{id, name, title, changed}]}`, of those that hold the text `q`."""
    check_query(request, "at", "q", "offset", "limit")
    world, query = world_of(request), request.query_params
    kind, state = kind_of(request, world), _state(request, world)
    changed, wanted = _changed(world, state, kind), query.get("q", "").casefold()
    start = number_of(query.get("offset", "0"), "offset")
    limit = number_of(query.get("limit", str(_PAGE)), "limit")
    records = _draft(world, state).collection(kind.name)
    found = [record for record in records if not wanted or _holds(world, kind, record, wanted)]
    rows = [
        {**_reference(world, kind, record), "changed": str(record[kind.key]) in changed}
        for record in islice(found, start, start + limit)
    ]
    return as_json({"total": len(found), "records": rows})


async def show_record(request: Request) -> Response:
    """A record with the schema of its attributes, the records that it names, and those that name it."""
    check_query(request, "at")
    world, name = world_of(request), request.path_params["name"]
    kind, state = kind_of(request, world), _state(request, world)
    draft = _draft(world, state)
    record = draft.collection(kind.name).find(world.scenario.id_of(kind.name, name))
    if record is None:
        known = hint(name, world.scenario.aliases.get(kind.name, ()))
        raise HTTPException(404, f"there is no {kind.name}/{name}{known}")
    id = str(record[kind.key])
    start = world.scenario.draft().collection(kind.name).find(id)
    return as_json(
        {
            **_reference(world, kind, record),
            "key": kind.key,
            "record": record,
            "start": start,
            "attributes": _attributes(request, kind),
            "links": list(_links(world, draft, kind, record)),
            "referring": list(_referring(world, draft, kind, id)),
        }
    )


def _state(request: Request, world: World) -> State:
    """The state right after the exchange `at`, 0 for the start; without it, as it is now."""
    at = request.query_params.get("at")
    return world.state if at is None else moment_of(world, number_of(at, "at")).state


def _draft(world: World, state: State) -> Draft:
    return Draft(state, world.clock.now(), world.scenario.seed, data=world.scenario.data)


def _changed(world: World, state: State, kind: Kind) -> set[str]:
    """The ids of the records that are not as at the start, those that are gone included."""
    return {*changed_keys(world.scenario.state, state, kind.name)}


def _holds(world: World, kind: Kind, record: Record, wanted: str) -> bool:
    """True if the name or a text of a record holds the text that is wanted."""
    name = world.scenario.names.get(str(record[kind.key]), "")
    texts = (value[:_SEARCHED] for value in record.values() if isinstance(value, str))
    return wanted in name.casefold() or any(wanted in text.casefold() for text in texts)


def _reference(world: World, kind: Kind, record: Record) -> Record:
    """`{kind, id, name, title}`, the name by which a scenario would call the record"""
    id = str(record[kind.key])
    titles = (record[name] for name in _TITLES if isinstance(record.get(name), str) and record[name])
    name = world.scenario.names.get(id, id)
    return {"kind": kind.name, "id": id, "name": name, "title": next(titles, name)}


def _attributes(request: Request, kind: Kind) -> Record:
    """`{attribute: shape}` of everything that the document or the data model says of a collection."""
    documented = documented_attributes(mock_of(request).spec, kind)
    declared = {name: dict(one.schema) for name, one in kind.attributes.items()}
    return {name: shape_of(schema) for name, schema in {**declared, **documented}.items()}


def _links(world: World, draft: Draft, kind: Kind, record: Record) -> Iterator[Record]:
    """The records that a record names, each with the attribute that does so."""
    kinds = kinds_in(draft)
    for attribute, value in record.items():
        for id in _named(draft, kind, attribute, value):
            for other in kinds(id) if attribute != kind.key else ():
                found = draft.collection(other).get(id)
                yield {"attribute": attribute, **_reference(world, draft.data.kind(other), found)}


def _named(draft: Draft, kind: Kind, attribute: str, value: Json) -> list[str]:
    """The ids in an attribute: of a relation, or any text that may be one."""
    listed = value if isinstance(value, list) else [value]
    plain = [one for one in listed if isinstance(one, str)]
    return [*dict.fromkeys((*draft.data.related(kind, attribute, value), *plain))]


def _referring(world: World, draft: Draft, kind: Kind, id: str) -> Iterator[Record]:
    """The records whose relations name one, each with the name that the relation has at this end."""
    for relation in draft.data.relations_to.get(kind.name, ()):
        other = draft.data.kind(relation.kind)
        for record in draft.referring(id, relation.kind, relation.attribute):
            yield {"attribute": relation.inverse, **_reference(world, other, record)}


_ALL = "/worlds/{world}/collections"
ROUTES = (
    Route(_ALL, list_collections, methods=["GET"]),
    Route(f"{_ALL}/{{kind}}", list_rows, methods=["GET"]),
    Route(f"{_ALL}/{{kind}}/{{name}}", show_record, methods=["GET"]),
)
