"""A rule that fires for a call, and what it makes of the answer."""

from collections.abc import Mapping
from dataclasses import replace
from math import ceil
from typing import NamedTuple

from mockportal.engine.call import Reply
from mockportal.state.rules.actions import BODILESS, Action
from mockportal.state.rules.rule import Rule
from mockportal.values import Json, merge_patch

_TEXT = {"Content-Type": "text/plain; charset=utf-8"}
_REAL = 200  # the status of an answer whose connection ends before anybody can read it
_TOO_MANY = 429


class Quota(NamedTuple):
    """The requests that a caller has `used` of the `limit` in a window, which ends in so many seconds."""

    limit: int
    used: int
    window: int
    ends_in: float

    @property
    def is_exceeded(self) -> bool:
        return self.used > self.limit

    def headers(self) -> dict[str, str]:
        """`X-RateLimit-*` as most APIs have them; with `Retry-After` where nothing is left."""
        seconds = str(ceil(self.ends_in))
        usual = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(self.limit - self.used, 0)),
            "X-RateLimit-Reset": seconds,
        }
        return {**usual, "Retry-After": seconds} if self.is_exceeded else usual


class Hit(NamedTuple):
    """A rule that fires for a call, which is the `number`-th one that fits the rule (from 1), and what it does."""

    rule: Rule
    number: int
    action: Action
    quota: Quota | None = None

    def answer(self) -> Reply | None:
        """The rule's own reply or fault; None if the rule lets the real answer come, changed, later or broken."""
        action = self.action
        if self.quota is not None and self.quota.is_exceeded:
            message = f"too many requests: {self.quota.limit} are allowed in {_length(self)}"
            return Reply(_TOO_MANY, {"message": message})
        if action.fault is not None:
            return None if action.breaks else _fault(action.fault)
        if action.reply is not None:
            headers: Mapping[str, str] = action.reply.get("headers", {})
            return Reply(action.reply["status"], action.reply.get("body"), headers)
        return None

    def patched(self, reply: Reply) -> Reply:
        """The real answer with the rule's patch on top, else as it is."""
        patch = self.action.patch
        if patch is None:
            return reply
        body = reply.body
        if "body" in patch:
            body = merge_patch(body if isinstance(body, dict) else {}, patch["body"])
        headers = on_top(patch.get("headers", {}), reply.headers)
        return replace(
            reply, status=patch.get("status", reply.status), body=body, headers=headers, answered_by="rule"
        )

    def finished(self, reply: Reply, seed: int) -> Reply:
        """The answer as the rule sends it: broken, with the headers of its limit, after its delay, in small pieces.

        The same hit of the same seed waits as long.
        """
        reply = self._broken(reply)
        if self.quota is not None:
            reply = replace(reply, headers=on_top(self.quota.headers(), reply.headers))
        if self.action.drip:
            reply = replace(reply, drip=self.action.drip)
        if self.action.delay is None:
            return reply
        return replace(reply, delay=self.action.delay.seconds(f"{seed}/{self.rule.id}/{self.number}"))

    def _broken(self, reply: Reply) -> Reply:
        """The real answer as the rule breaks it, else as it is. What it says of status and headers comes on top."""
        breaks, fault = self.action.breaks, self.action.fault or {}
        if not breaks:
            return reply
        reply = replace(
            reply,
            status=fault.get("status", reply.status),
            headers=on_top(fault.get("headers", {}), reply.headers),
        )
        return broken(reply, breaks)


def broken(reply: Reply, breaks: str) -> Reply:
    """The answer with a body that is `truncated` or `garbage`."""
    # garbage needs a body to stand in
    status = _REAL if breaks == "garbage" and reply.status in BODILESS else reply.status
    return replace(reply, status=status, answered_by="rule", fault=breaks)


def on_top(headers: Mapping[str, str], usual: Mapping[str, str]) -> dict[str, str]:
    """The headers, and the usual ones that they do not replace; upper and lower case are the same."""
    named = {name.lower() for name in headers}
    return {name: value for name, value in usual.items() if name.lower() not in named} | dict(headers)


def _fault(fault: Mapping[str, Json]) -> Reply:
    """The answer of a fault that does not need the real one."""
    headers: Mapping[str, str] = fault.get("headers", {})
    if "connection" in fault:
        return Reply(_REAL, None, fault=fault["connection"])
    if "body" in fault:
        body, status = fault["body"], fault.get("status", _REAL)
        return Reply(status, body, on_top(headers, _TEXT if isinstance(body, str) else {}), fault="body")
    status = fault.get("status", 500)
    body = None if status in BODILESS else {"message": fault.get("message", f"injected fault {status}")}
    return Reply(status, body, headers)


def _length(hit: Hit) -> str:
    return f"{hit.action.rate.seconds:g} seconds" if hit.action.rate is not None else ""
