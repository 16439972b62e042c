"""Use cases of an organization's integrations. No system is ever called: a scenario says what each would answer."""

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import BadRequest
from mockportal.state.rules.conditions import holds
from mockportal.state.store import Draft
from mockportal.values import Json


@operation("portalProxyExecute")
def run_use_case(call: Call, state: Draft) -> Json:
    """The first case whose `match` is part of the payload answers, also for a system that fails."""
    integration = state.collection("integration").find(call.fields["integration_id"]) or {}
    slug = call.fields["use_case_slug"]
    cases = integration.get("use_cases", {}).get(slug)
    if cases is None:
        raise BadRequest(f"there is no use case {slug!r} of this integration")
    payload = call.fields.get("payload", {})
    for case in cases:
        if holds(case.get("match", {}), payload):
            data = {"data": case["data"]} if "data" in case else {}
            return {"success": case.get("success", True), **data}
    raise BadRequest(f"the use case {slug!r} does not accept this payload")
