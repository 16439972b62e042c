"""The control API under `/__mockportal`: worlds, state, journal, clock and tokens, as JSON over Starlette."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockportal.config import LIMITS
from mockportal.engine import signing
from mockportal.engine.call import Exchange
from mockportal.engine.guard import minted_claims
from mockportal.engine.journal import brief
from mockportal.engine.redaction import safe_body, safe_headers, safe_query
from mockportal.engine.world import World
from mockportal.errors import MockportalError, hint
from mockportal.mock import Mock
from mockportal.state.clock import Clock, clock_at, duration, instant, timestamp
from mockportal.state.ids import stable_uuid
from mockportal.state.kinds import KINDS, Kind
from mockportal.state.store import merge_patch
from mockportal.values import Json, Record, decode, encode
from mockportal.web.worlds import is_world_name

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MADE_KEYS = ("_id", "id", "portal_id")
Endpoint = Callable[[Request], Awaitable[Response]]


class Control:
    """The endpoints over one mock."""

    def __init__(self, mock: Mock) -> None:
        self._mock = mock

    def app(self) -> Starlette:
        """A Starlette application with every endpoint; its errors are JSON, too."""
        world, record = "/worlds/{world}", "/worlds/{world}/state/{kind}/{name}"
        table: list[tuple[str, str, Endpoint]] = [
            ("GET", "/health", self.health),
            ("GET", "/spec.json", self.spec),
            ("GET", "/worlds", self.list_worlds),
            ("POST", "/worlds", self.create_world),
            ("DELETE", world, self.delete_world),
            ("POST", f"{world}/reset", self.reset_world),
            ("GET", f"{world}/state", self.count_records),
            ("GET", f"{world}/state/{{kind}}", self.list_records),
            ("GET", record, self.get_record),
            ("PUT", record, self.put_record),
            ("PATCH", record, self.patch_record),
            ("DELETE", record, self.delete_record),
            ("GET", f"{world}/journal", self.list_journal),
            ("DELETE", f"{world}/journal", self.clear_journal),
            ("GET", f"{world}/journal/{{n:int}}", self.get_exchange),
            ("GET", f"{world}/clock", self.get_clock),
            ("PUT", f"{world}/clock", self.set_clock),
            ("POST", f"{world}/clock/advance", self.advance_clock),
            ("POST", f"{world}/tokens", self.mint_token),
        ]
        app = Starlette(
            routes=[
                Route(f"/__mockportal{path}", endpoint, methods=[method]) for method, path, endpoint in table
            ],
            exception_handlers={HTTPException: _http_error, MockportalError: _content_error},
        )
        app.router.redirect_slashes = False
        return app

    async def health(self, request: Request) -> Response:
        """Alive, and serving what."""
        return _json(
            {
                "status": "ok",
                "scenario": self._mock.setup.scenario,
                "operations": len(self._mock.spec.operations),
                "spec_sha256": self._mock.spec.sha256,
            }
        )

    async def spec(self, request: Request) -> Response:
        """The contract as compiled: the document with the overlay applied."""
        return _json(self._mock.spec.document)

    async def list_worlds(self, request: Request) -> Response:
        """Every world there is."""
        return _json({"worlds": [_world(world) for world in self._mock]})

    async def create_world(self, request: Request) -> Response:
        """A world by name, or with the next free one, from a scenario, seed and clock of its own."""
        asked = await _body(request, "name", "scenario", "seed", "clock")
        taken = {world.name for world in self._mock}
        name = _text(
            asked, "name", next(f"w{n}" for n in range(1, LIMITS.worlds + 2) if f"w{n}" not in taken)
        )
        _check_name(name)
        if name in taken:
            raise HTTPException(409, f"there is a world {name!r} already")
        seed = asked.get("seed")
        if seed is not None and (not isinstance(seed, int) or isinstance(seed, bool)):
            raise HTTPException(400, "seed is not an integer")
        clock = clock_at(_instant(_text(asked, "clock", ""))) if "clock" in asked else None
        scenario = self._mock.scenario(_text(asked, "scenario", "") or None, seed, clock)
        return _json(_world(self._mock.add(name, scenario)), 201)

    async def delete_world(self, request: Request) -> Response:
        """Forgets a world."""
        if not self._mock.remove(request.path_params["world"]):
            raise HTTPException(404, f"there is no world {request.path_params['world']!r}")
        return Response(status_code=204)

    async def reset_world(self, request: Request) -> Response:
        """Back to the world's scenario, or to another one."""
        world = self._world(request)
        asked = await _body(request, "scenario")
        world.reset(self._mock.scenario(asked["scenario"]) if "scenario" in asked else world.scenario)
        return _json(_world(world))

    async def count_records(self, request: Request) -> Response:
        """`{collection: number of records}`"""
        return _json(self._world(request).state.counts())

    async def list_records(self, request: Request) -> Response:
        """`{"records": {id: record}}`"""
        kind = _kind(request)
        records = self._world(request).draft().collection(kind.name)
        return _json({"records": {str(record[kind.key]): record for record in records}})

    async def get_record(self, request: Request) -> Response:
        """One record, by id or alias."""
        _, _, record = self._record(request)
        return _json(record)

    async def put_record(self, request: Request) -> Response:
        """Replaces a record, or makes one."""
        world, kind, id = self._world(request), _kind(request), self._id(request)
        return self._store(world, kind, {kind.key: id, **await _body(request)}, id)

    async def patch_record(self, request: Request) -> Response:
        """Merges into a record; null removes."""
        world, kind, record = self._record(request)
        return self._store(world, kind, merge_patch(record, await _body(request)), str(record[kind.key]))

    async def delete_record(self, request: Request) -> Response:
        """Forgets a record."""
        world, kind, record = self._record(request)
        draft = world.draft()
        draft.collection(kind.name).remove(str(record[kind.key]))
        world.state = draft.state
        return Response(status_code=204)

    async def list_journal(self, request: Request) -> Response:
        """Exchanges in brief, oldest first."""
        query = request.query_params
        after, limit = _number(query.get("after", "0"), "after"), _number(query.get("limit", "1000"), "limit")
        status = query.get("status")
        chosen = [
            brief(exchange)
            for exchange in self._world(request).journal
            if exchange.n > after
            and query.get("operation") in (None, exchange.operation)
            and status in (None, str(exchange.reply.status), f"{exchange.reply.status // 100}xx")
        ]
        return _json({"entries": chosen[-limit:] if limit else []})

    async def clear_journal(self, request: Request) -> Response:
        """Forgets the entries; numbering goes on."""
        self._world(request).journal.clear()
        return Response(status_code=204)

    async def get_exchange(self, request: Request) -> Response:
        """One exchange whole, secrets hidden."""
        number = request.path_params["n"]
        exchange = self._world(request).journal.find(number)
        if exchange is None:
            raise HTTPException(404, f"the journal has no entry {number}")
        return _json(_whole(exchange))

    async def get_clock(self, request: Request) -> Response:
        """`{now, mode}`"""
        return _json(_clock(self._world(request).clock))

    async def set_clock(self, request: Request) -> Response:
        """Sets the time, the mode, or both."""
        world = self._world(request)
        asked = await _body(request, "now", "mode")
        mode = _text(asked, "mode", "ticking" if world.clock.ticking else "frozen")
        if mode not in ("frozen", "ticking"):
            raise HTTPException(400, f"mode {mode!r} is neither frozen nor ticking")
        now = _instant(_text(asked, "now", "")) if "now" in asked else world.clock.now()
        world.clock = clock_at(now, mode == "ticking")
        return _json(_clock(world.clock))

    async def advance_clock(self, request: Request) -> Response:
        """Moves the time on: `{"by": "P14D"}`."""
        world = self._world(request)
        asked = await _body(request, "by")
        try:
            world.clock = world.clock.advanced(duration(_text(asked, "by", "")))
        except (ValueError, OverflowError) as error:
            raise HTTPException(400, f"by: {error}") from None
        return _json(_clock(world.clock))

    async def mint_token(self, request: Request) -> Response:
        """A bearer token for a portal user or an administrator, without any login."""
        world = self._world(request)
        asked = await _body(request, "user", "kind", "expires_in")
        kind = _text(asked, "kind", "portal")
        if kind not in ("portal", "admin"):
            raise HTTPException(400, f"kind {kind!r} is neither portal nor admin")
        seconds = asked.get("expires_in", 3600)
        if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 < seconds < 10**9:
            raise HTTPException(400, "expires_in is no positive number of seconds")
        draft = world.draft()
        family = draft.new_id("session")
        org, claims = "", {}
        subject = "admin"
        if kind == "portal":
            user = _portal_user(world, _text(asked, "user", ""))
            subject, org = str(user["_id"]), str(user["_org"])
            claims = {"email": user.get("email"), "custom:portal_user_id": subject}
            claims |= {"custom:portal_id": user.get("portal_id"), "custom:origin": user.get("origin")}
        else:
            org = next((str(one["org_id"]) for one in draft.collection("organization")), "")
        now = world.clock.now()
        issuer = str(request.base_url).rstrip("/")
        claims = minted_claims(subject, kind, org, issuer, now, seconds, family) | claims
        world.state = draft.state
        expires_at = timestamp(datetime.fromtimestamp(claims["exp"], now.tzinfo))
        return _json({"token": signing.sign(claims), "expires_at": expires_at}, 201)

    def _world(self, request: Request) -> World:
        name = request.path_params["world"]
        _check_name(name)
        return self._mock.world(name)

    def _id(self, request: Request) -> str:
        """The key that a path names: an alias, a key, or a new alias, which gets the id that a scenario would give."""
        world, kind, name = self._world(request), _kind(request), request.path_params["name"]
        known = world.scenario.id_of(kind.name, name)
        if known != name or kind.key not in _MADE_KEYS or name in world.draft().collection(kind.name):
            return known
        return name if _UUID.fullmatch(name) else stable_uuid(world.scenario.seed, kind.name, name)

    def _record(self, request: Request) -> tuple[World, Kind, Record]:
        world, kind, id = self._world(request), _kind(request), self._id(request)
        record = world.draft().collection(kind.name).find(id)
        if record is None:
            name = request.path_params["name"]
            known = hint(name, world.scenario.aliases.get(kind.name, ()))
            raise HTTPException(404, f"there is no {kind.name}/{name}{known}")
        return world, kind, record

    def _store(self, world: World, kind: Kind, record: Record, id: str) -> Response:
        """Keeps a record that is checked like one of a scenario."""
        if record.get(kind.key) != id:
            raise HTTPException(400, f"{kind.key} must stay {id!r}")
        draft = world.draft()
        if kind.entity:
            made = draft.timestamp()
            org = next((str(one["org_id"]) for one in draft.collection("organization")), "0")
            system = {
                "_schema": kind.name,
                "_org": org,
                "_title": id,
                "_created_at": made,
                "_updated_at": made,
            }
            record = system | record
        found = self._mock.spec.schema(kind.schema).violations(record, kind.name) if kind.schema else []
        if found:
            message = f"{kind.name} {found[0].path}: {found[0].message}"
            return _json({"message": message, "errors": [violation.to_json() for violation in found]}, 400)
        created = id not in draft.collection(kind.name)
        draft.collection(kind.name).put(record)
        world.state = draft.state
        return _json(record, 201 if created else 200)


def _json(value: Json, status: int = 200) -> Response:
    return Response(encode(value), status, media_type="application/json")


async def _http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    response = _json({"message": error.detail}, error.status_code)
    response.headers.update(error.headers or {})
    return response


async def _content_error(_: Request, error: Exception) -> Response:
    return _json({"message": str(error)}, 400)


async def _body(request: Request, *known: str) -> Record:
    """The JSON object of a request; nothing is an empty one. With `known`, no other keys."""
    data = b""
    async for chunk in request.stream():
        data += chunk
        if len(data) > LIMITS.body:
            raise HTTPException(413, f"the body is larger than {LIMITS.body} bytes")
    if not data:
        return {}
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "the body must be application/json")
    try:
        value = decode(data)
    except ValueError as error:
        raise HTTPException(400, f"the body is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise HTTPException(400, "the body must be a JSON object")
    for name in value:
        if known and name not in known:
            raise HTTPException(400, f"unknown key {name!r}{hint(name, known)}")
    return value


def _text(asked: Record, name: str, default: str) -> str:
    value = asked.get(name, default)
    if not isinstance(value, str):
        raise HTTPException(400, f"{name} is not a text")
    return value


def _number(text: str, name: str) -> int:
    if not text.isdigit() or len(text) > 9:
        raise HTTPException(400, f"{name} is not a whole number")
    return int(text)


def _instant(text: str) -> datetime:
    try:
        return instant(text)
    except ValueError:
        raise HTTPException(400, f"{text!r} is not an RFC 3339 instant") from None


def _check_name(name: str) -> None:
    if not is_world_name(name):
        raise HTTPException(400, f"{name!r} is no name of a world: one to 63 of a-z, 0-9 and -")


def _kind(request: Request) -> Kind:
    name = request.path_params["kind"]
    if name not in KINDS:
        raise HTTPException(404, f"there is no collection {name!r}{hint(name, KINDS)}")
    return KINDS[name]


def _portal_user(world: World, path: str) -> Record:
    kind, _, name = path.rpartition("/")
    user = world.draft().collection("portal_user").find(world.scenario.id_of("portal_user", name))
    if kind not in ("", "portal_user") or user is None:
        raise HTTPException(
            404, f"there is no {path!r}{hint(name, world.scenario.aliases.get('portal_user', ()))}"
        )
    return user


def _world(world: World) -> Record:
    return {
        "name": world.name,
        "scenario": world.scenario.name,
        "seed": world.scenario.seed,
        **_clock(world.clock),
    }


def _clock(clock: Clock) -> Record:
    return {"now": timestamp(clock.now()), "mode": "ticking" if clock.ticking else "frozen"}


def _whole(exchange: Exchange) -> Record:
    request, reply = exchange.request, exchange.reply
    return brief(exchange) | {
        "request": {
            "method": request.method,
            "path": request.path,
            "query": safe_query(request.query),
            "headers": safe_headers(request.headers),
            "body": _shown(request.body),
        },
        "response": {
            "status": reply.status,
            "headers": safe_headers(reply.headers),
            "body": _shown(exchange.content),
            "delay": reply.delay,
        },
        "violations": [violation.to_json() | {"rule": violation.rule} for violation in exchange.violations],
    }


def _shown(body: bytes) -> Any:
    if not body:
        return None
    try:
        return safe_body(decode(body))
    except ValueError:
        return body[:2000].decode("utf-8", "replace")
