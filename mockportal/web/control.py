"""The control API under `/__mockportal`: worlds, state, journal, clock and tokens, as JSON over Starlette."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockportal.config import LIMITS
from mockportal.engine import signing
from mockportal.engine.guard import minted_claims
from mockportal.engine.journal import brief
from mockportal.engine.world import World
from mockportal.errors import MockportalError, hint
from mockportal.expectations import failures
from mockportal.mock import Mock
from mockportal.state.clock import Clock, duration, timestamp
from mockportal.state.ids import stable_id
from mockportal.state.kinds import Kind
from mockportal.state.store import merge_patch
from mockportal.values import Json, Record, encode
from mockportal.web.control_input import (
    body_of,
    clock_of,
    kind_of,
    text_of,
    user_of,
)
from mockportal.web.journal_view import chosen, whole
from mockportal.web.world_selection import BadWorld, check_world_name

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
            ("GET", f"{world}/outbox", self.list_mails),
            ("POST", f"{world}/verify", self.verify_world),
        ]
        app = Starlette(
            routes=[
                Route(f"/__mockportal{path}", endpoint, methods=[method]) for method, path, endpoint in table
            ],
            exception_handlers={
                HTTPException: _http_error,
                MockportalError: _content_error,
                BadWorld: _content_error,
                Exception: _bug,
            },
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
        asked = await body_of(request, "name", "scenario", "seed", "clock")
        taken = {world.name for world in self._mock}
        name = text_of(
            asked, "name", next(f"w{n}" for n in range(1, LIMITS.worlds + 2) if f"w{n}" not in taken)
        )
        check_world_name(name)
        if name in taken:
            raise HTTPException(409, f"there is a world {name!r} already")
        seed = asked.get("seed")
        if seed is not None and (not isinstance(seed, int) or isinstance(seed, bool)):
            raise HTTPException(400, "seed is not an integer")
        clock = clock_of(text_of(asked, "clock", ""), False) if "clock" in asked else None
        scenario = self._mock.scenario(text_of(asked, "scenario", "") or None, seed, clock)
        return _json(_world(self._mock.add(name, scenario)), 201)

    async def delete_world(self, request: Request) -> Response:
        """Forgets a world."""
        if not self._mock.remove(request.path_params["world"]):
            raise HTTPException(404, f"there is no world {request.path_params['world']!r}")
        return Response(status_code=204)

    async def reset_world(self, request: Request) -> Response:
        """Back to the world's scenario, or to another one."""
        world = self._world(request)
        asked = await body_of(request, "scenario")
        named = "scenario" in asked
        world.reset(self._mock.scenario(text_of(asked, "scenario", "")) if named else world.scenario)
        return _json(_world(world))

    async def count_records(self, request: Request) -> Response:
        """`{collection: number of records}`"""
        return _json(self._world(request).state.counts())

    async def list_records(self, request: Request) -> Response:
        """`{"records": {id: record}}`"""
        kind = kind_of(request)
        records = self._world(request).draft().collection(kind.name)
        return _json({"records": {str(record[kind.key]): record for record in records}})

    async def get_record(self, request: Request) -> Response:
        """One record, by id or alias."""
        _, _, record = self._record(request)
        return _json(record)

    async def put_record(self, request: Request) -> Response:
        """Replaces a record, or makes one."""
        world, kind, id = self._world(request), kind_of(request), self._id(request)
        return self._store(world, kind, {kind.key: id, **await body_of(request)}, id)

    async def patch_record(self, request: Request) -> Response:
        """Merges into a record; null removes."""
        world, kind, record = self._record(request)
        return self._store(world, kind, merge_patch(record, await body_of(request)), str(record[kind.key]))

    async def delete_record(self, request: Request) -> Response:
        """Forgets a record."""
        world, kind, record = self._record(request)
        draft = world.draft()
        draft.collection(kind.name).remove(str(record[kind.key]))
        world.state = draft.state
        return Response(status_code=204)

    async def list_journal(self, request: Request) -> Response:
        """Exchanges in brief, oldest first."""
        entries = chosen(self._world(request).journal, request.query_params)
        return _json({"entries": [brief(exchange) for exchange in entries]})

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
        return _json(whole(exchange))

    async def get_clock(self, request: Request) -> Response:
        """`{now, mode}`"""
        return _json(_clock(self._world(request).clock))

    async def set_clock(self, request: Request) -> Response:
        """Sets the time, the mode, or both."""
        world = self._world(request)
        asked = await body_of(request, "now", "mode")
        mode = text_of(asked, "mode", "ticking" if world.clock.ticking else "frozen")
        if mode not in ("frozen", "ticking"):
            raise HTTPException(400, f"mode {mode!r} is neither frozen nor ticking")
        now = text_of(asked, "now", "") if "now" in asked else world.clock.now()
        world.clock = clock_of(now, mode == "ticking")
        return _json(_clock(world.clock))

    async def advance_clock(self, request: Request) -> Response:
        """Moves the time on: `{"by": "P14D"}`."""
        world = self._world(request)
        asked = await body_of(request, "by")
        try:
            world.clock = world.clock.advanced(duration(text_of(asked, "by", "")))
        except ValueError as error:
            raise HTTPException(400, f"by: {error}") from None
        return _json(_clock(world.clock))

    async def mint_token(self, request: Request) -> Response:
        """A bearer token for a portal user or an administrator, without any login."""
        world = self._world(request)
        asked = await body_of(request, "user", "kind", "expires_in")
        kind = text_of(asked, "kind", "portal")
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
            user = user_of(world, text_of(asked, "user", ""))
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

    async def list_mails(self, request: Request) -> Response:
        """`{"mails": […]}`: what the portal would have sent, with links and tokens, oldest first."""
        mails = self._world(request).draft().collection("mail")
        return _json({"mails": sorted(mails, key=lambda mail: str(mail.get("created_at", "")))})

    async def verify_world(self, request: Request) -> Response:
        """Plays the expectations of the world's scenario from its start, in a world that nobody else sees."""
        scenario = self._world(request).scenario
        found = failures(scenario, self._mock.engine)
        return _json(
            {
                "scenario": scenario.name,
                "holds": not found,
                "expectations": len(scenario.expect),
                "failures": [failure.to_json() for failure in found],
            }
        )

    def _world(self, request: Request) -> World:
        name = request.path_params["world"]
        check_world_name(name)
        return self._mock.world(name)

    def _id(self, request: Request) -> str:
        """The key that a path names: an alias, a key, or a new alias, which gets the id that a scenario would give."""
        world, kind = self._world(request), kind_of(request)
        name: str = request.path_params["name"]
        known = world.scenario.id_of(kind.name, name)
        if known != name or kind.key not in _MADE_KEYS or name in world.draft().collection(kind.name):
            return known
        if _UUID.fullmatch(name):
            return name
        return stable_id(kind.ids, world.scenario.seed, kind.name, name, world.clock.now())

    def _record(self, request: Request) -> tuple[World, Kind, Record]:
        world, kind, id = self._world(request), kind_of(request), self._id(request)
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


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    bare = error.detail in ("Not Found", "Method Not Allowed")  # of the router
    message = f"there is no {request.method} {request.url.path}" if bare else error.detail
    response = _json({"message": message}, error.status_code)
    response.headers.update(error.headers or {})
    return response


async def _content_error(_: Request, error: Exception) -> Response:
    return _json({"message": str(error)}, 400)


async def _bug(_: Request, error: Exception) -> Response:
    """The log has the traceback."""
    return _json({"message": "mockportal failed to answer; its log says why"}, 500)


def _world(world: World) -> Record:
    return {
        "name": world.name,
        "scenario": world.scenario.name,
        "seed": world.scenario.seed,
        **_clock(world.clock),
    }


def _clock(clock: Clock) -> Record:
    return {"now": timestamp(clock.now()), "mode": "ticking" if clock.ticking else "frozen"}
