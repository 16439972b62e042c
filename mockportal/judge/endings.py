"""The length of a run: how long it is going to take, and the reasons to end it before it is through."""

import time
from collections.abc import Callable

from mockportal.judge.ledger import Ledger
from mockportal.judge.plan import RunPlan

_LONG = 30 * 60.0  # seconds from which on people want to know before they wait
# Requests for each operation, as counted on the mock.
_REQUESTS = {"checks": 90, "journeys": 37, "examples": 5, "coverage": 98, "stateful": 5}


def ending(plan: RunPlan, started: float, ledger: Ledger | None = None) -> Callable[[], str]:
    """A function that tells why nothing more is to be sent, or ""."""

    def reason() -> str:
        failed = next(
            (plan.hooks.failed[name] for name in plan.hooks.before if name in plan.hooks.failed), ""
        )
        return (
            plan.interrupted() or failed or _late(plan, started) or (_enough(plan, ledger) if ledger else "")
        )

    return reason


def _late(plan: RunPlan, started: float) -> str:
    late = 0 < plan.max_time < time.monotonic() - started
    return f"the time limit of {plan.max_time:g} seconds is used up" if late else ""


def _enough(plan: RunPlan, ledger: Ledger) -> str:
    if not plan.max_failures:
        return ""
    found = sum(not plan.is_known(finding) for finding in ledger.findings)
    return f"ended after {found} findings, as --max-failures says" if found >= plan.max_failures else ""


def warning(plan: RunPlan, operations: int, seconds: float) -> str:
    """`2.0 s an answer: about 10 hours; try --phases checks`, or "" for a run that is not long.

    `seconds` is the time of one answer.
    """
    each = sum(_REQUESTS.get(stage, plan.max_examples) for stage in plan.stages)
    requests = min(each * operations, plan.profile.budget or each * operations)
    pace = max(seconds, 1 / plan.profile.rate if plan.profile.rate else 0.0)
    takes = requests * pace
    if takes < _LONG:
        return ""
    advice = "--operation or --max-time" if plan.stages == ("checks",) else "--phases checks"
    about = f"{takes / 3600:.0f} hours" if takes >= 2 * 3600 else f"{takes / 60:.0f} minutes"
    return f"{seconds:.1f} s an answer: about {about}; try {advice}"
