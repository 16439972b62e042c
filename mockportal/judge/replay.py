"""A finding played again, by the part of the judge that made it: the same seed, the same steps, in fresh worlds."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from mockportal.errors import UsageError
from mockportal.judge.model import Interaction
from mockportal.judge.plan import RunPlan
from mockportal.judge.run import first_look, gate_of, judge
from mockportal.judge.wire.gate import Blocked, Stopped
from mockportal.judge.wire.sender import Sender
from mockportal.judge.wire.transports import Transport
from mockportal.values import Record

_FLAG = "--replay"


class Replayed(NamedTuple):
    """Whether a finding still occurs, and the exchanges that show it now."""

    still: bool
    exchanges: Sequence[Interaction]


def replay(plan: RunPlan, transport: Transport, finding: Record, then: Sequence[Interaction]) -> Replayed:
    """Plays a finding of a report; `then` are its exchanges.

    A single answer is asked for again. If that does not settle it, the check, journey or phase that made the finding
    is run again: first with the operations of the finding only, then with all. Raises `UsageError` if it cannot be.
    """
    if finding["layer"] == "answers" and then:
        now, still = _asked_again(plan, transport, finding, then[-1])
        if still or now.status == then[-1].status or not finding.get("within"):
            return Replayed(still, [now])
    stage, _, what = finding.get("within", "").partition(" ")
    if not stage:
        raise UsageError(_FLAG, f"the finding {finding['id']} has no requests to play")
    own = frozenset((finding["operation"], *(one.sent.operation for one in then))) & {*plan.spec.operations}
    for number, operations in enumerate((own, plan.operations)):
        only = frozenset((what,)) if what else None
        again = replace(
            plan, stages=(stage,), only=only, operations=operations, run=f"{plan.run}r{number}",
        )  # fmt: skip
        report = judge(again, transport, lambda stage, what: None)
        found = next((one for one in report.findings if one.id == finding["id"]), None)
        if found is not None:
            return Replayed(True, found.exchanges)
    record = report.operations.get(finding["operation"])
    if report.interrupted or what in report.idle or record is None or not record.cases:
        reason = record.untested if record else ""
        raise UsageError(_FLAG, f"{finding['check']} could not be played: {reason or 'it was not run'}")
    return Replayed(False, ())


def _asked_again(
    plan: RunPlan, transport: Transport, finding: Record, then: Interaction
) -> tuple[Interaction, bool]:
    with Sender(gate_of(plan, transport)) as sender:
        context, _ = first_look(plan, sender)
        try:
            now = sender.send(then.sent, f"replay-{finding['id']}")
        except (Blocked, Stopped) as refused:
            raise UsageError(_FLAG, str(refused)) from None
    return now, finding["id"] in {one.id for one in context.ledger.findings}
