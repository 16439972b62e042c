"""The ten tools. Their docstrings are for agents; each tool works in the world of its session unless one is named."""

from typing import Annotated, Any, Literal

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from mockportal.agents import operations
from mockportal.agents.door import Door, address_of
from mockportal.agents.judging import verdict_on
from mockportal.values import Json, Record, decode

_SESSION = "mcp-session-id"
_DIGITS = 12

World = Annotated[str, Field(description="a world that open_world has named; the session's own if not given")]
Who = Annotated[str, Field(description="an alias such as `anna`, or a token; empty for nobody")]


class Tools:
    """The tools over one mock. `own` is the world of a session that has no id, as over stdio; "" for none."""

    def __init__(self, door: Door, own: str) -> None:
        self._door = door
        self._own = own
        self.all = (
            self.list_scenarios, self.open_world, self.find_operations, self.call_operation, self.explain_answer,
            self.move_clock, self.read_mails, self.get_token, self.judge_operation, self.export_world,
        )  # fmt: skip

    async def list_scenarios(self) -> Record:
        """Lists the situations that a world can begin with: `{scenarios: [{name, about}]}`."""
        listed: Record = await self._door.control("GET", "/scenarios")
        return listed

    async def open_world(
        self,
        ctx: Context[Any],
        scenario: Annotated[
            str | dict[str, Any], Field(description="a name, or what a scenario file holds")
        ] = "",
        clock: Annotated[str, Field(description="an RFC 3339 instant to stand at")] = "",
        seed: int | None = None,
        rules: Annotated[
            list[dict[str, Any]] | None, Field(description="canned replies, delays and faults")
        ] = None,
        world: Annotated[str, Field(description="a name of its own, of a-z, 0-9 and -")] = "",
    ) -> Record:
        """Makes an isolated world for the session, and tells who lives in it: `{world, scenario, about, now, people}`.

        Begin with this. Nobody else sees what happens there, and opening it again starts afresh.
        """
        own = self._world_of(ctx)
        if own and not world and self._door.mock.worlds.find(own) is not None:
            await self._door.control("DELETE", f"/worlds/{own}")
        asked = {"name": world or own, "scenario": scenario, "clock": clock, "seed": seed}
        made: Record = await self._door.control("POST", "/worlds", _given(asked))
        name: str = made["name"]
        for rule in reversed(rules or []):
            await self._door.control("POST", f"/worlds/{name}/rules", rule)
        begun = self._door.mock.world(name).scenario
        told = {"world": name, "scenario": made["scenario"], "about": begun.about, "now": made["now"]}
        request = ctx.request_context.request
        at = {"url": address_of(str(request.url), name)} if request is not None else {}
        return {**told, **at, "people": list(begun.tokens)}

    async def find_operations(
        self, words: Annotated[str, Field(description="such as `meter reading`; empty for all")] = ""
    ) -> Record:
        """Finds operations of the API by words, each with its parameters (`*`: required) and an example body."""
        return {"operations": operations.found(self._door.mock.spec, words)}

    async def call_operation(
        self,
        ctx: Context[Any],
        operation: Annotated[str, Field(description="an operationId, such as `getPortalUser`")],
        who: Who = "",
        params: Annotated[
            dict[str, Any] | None, Field(description="path, query and header parameters")
        ] = None,
        body: Annotated[Any, Field(description="the body, as JSON")] = None,
        world: World = "",
    ) -> Record:
        """Calls an operation: `{status, body, entry, answered_by, reason}`; explain_answer takes `entry`."""
        name = self._chosen(ctx, world)
        answer = await self._door.call(name, operation, who, params or {}, body)
        headers = answer.headers
        is_json = headers.get("content-type", "").startswith("application/json")
        return {
            "status": answer.status_code,
            "body": decode(answer.content) if is_json and answer.content else answer.text,
            "entry": int(headers["x-mockportal-entry"]),
            "answered_by": headers["x-mockportal-answered-by"],
            "reason": headers.get("x-mockportal-reason"),
        }

    async def explain_answer(
        self,
        ctx: Context[Any],
        entry: Annotated[int, Field(description="its number in the journal; 0 for the newest")] = 0,
        world: World = "",
    ) -> Record:
        """Explains an answer: `{reason, guard, rules, records, missing, exchange, …}`, what each stage has found."""
        name = self._chosen(ctx, world)
        if not entry:
            listed = await self._door.control("GET", f"/worlds/{name}/journal?limit=1")
            if not listed["entries"]:
                raise ToolError("the journal is empty: call an operation first")
            entry = listed["entries"][-1]["n"]
        at = f"/worlds/{name}/journal/{entry}"
        explained: Record = await self._door.control("GET", f"{at}/explain")
        return {**explained, "exchange": await self._door.control("GET", at)}

    async def move_clock(
        self,
        ctx: Context[Any],
        by: Annotated[str, Field(description="a duration such as `P14D` or `45m`")] = "",
        to: Annotated[str, Field(description="or an RFC 3339 instant")] = "",
        world: World = "",
    ) -> Record:
        """Moves the clock of the world on, or sets it: `{now, mode}`. Neither tells the time."""
        at = f"/worlds/{self._chosen(ctx, world)}/clock"
        if by and to:
            raise ToolError("by and to exclude each other")
        moved: Record = (
            await self._door.control("POST", f"{at}/advance", {"by": by})
            if by
            else await self._door.control("PUT", at, {"now": to})
            if to
            else await self._door.control("GET", at)
        )
        return moved

    async def read_mails(
        self,
        ctx: Context[Any],
        to: Annotated[str, Field(description="an address; empty for all")] = "",
        world: World = "",
    ) -> Record:
        """Reads the mails that would have been sent, oldest first, with their `codes` and `links`."""
        listed = await self._door.control("GET", f"/worlds/{self._chosen(ctx, world)}/outbox")
        return {"mails": [mail for mail in listed["mails"] if to in ("", mail["to"])]}

    async def get_token(
        self,
        ctx: Context[Any],
        who: Annotated[str, Field(description="an alias such as `anna`; any word for kind admin")],
        kind: Literal["portal", "admin"] = "portal",
        expires_in: Annotated[int, Field(description="seconds on the world's clock")] = 3600,
        world: World = "",
    ) -> Record:
        """Mints a bearer token for somebody, for a client of your own: `{token, expires_at}`."""
        asked = {"user": who, "kind": kind, "expires_in": expires_in}
        minted: Record = await self._door.control("POST", f"/worlds/{self._chosen(ctx, world)}/tokens", asked)
        return minted

    async def judge_operation(self, operation: str) -> Record:
        """Judges one operation of the mock by all checks, in some seconds: `{verdict, problems, findings}`."""
        return await verdict_on(self._door.mock.setup, operation)

    async def export_world(self, ctx: Context[Any], world: World = "") -> str:
        """Writes the world as a scenario file with its steps, which replays what happened."""
        exported: Json = await self._door.control("GET", f"/worlds/{self._chosen(ctx, world)}/export")
        return str(exported)

    def _chosen(self, ctx: Context[Any], world: str) -> str:
        """The named world, or that of the session. Raises `ToolError` if there is neither."""
        name = world or self._world_of(ctx)
        if not name:
            raise ToolError("name a world: open_world makes one, and your client keeps no session")
        return name

    def _world_of(self, ctx: Context[Any]) -> str:
        """The world of the session; "" for a client without one."""
        request = ctx.request_context.request
        session = "" if request is None else request.headers.get(_SESSION, "")
        return f"agent-{session[:_DIGITS]}" if session else self._own if request is None else ""


def _given(asked: Record) -> Record:
    return {name: one for name, one in asked.items() if one not in ("", None)}
