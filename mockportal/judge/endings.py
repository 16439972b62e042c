"""The reasons to end a run before it is through: a signal, the time that it may take, enough findings."""

import time
from collections.abc import Callable

from mockportal.judge.ledger import Ledger
from mockportal.judge.plan import RunPlan


def ending(plan: RunPlan, started: float, ledger: Ledger | None = None) -> Callable[[], str]:
    """A function that tells why nothing more is to be sent, or ""."""

    def reason() -> str:
        return plan.interrupted() or _late(plan, started) or (_enough(plan, ledger) if ledger else "")

    return reason


def _late(plan: RunPlan, started: float) -> str:
    late = 0 < plan.max_time < time.monotonic() - started
    return f"the time limit of {plan.max_time:g} seconds is used up" if late else ""


def _enough(plan: RunPlan, ledger: Ledger) -> str:
    if not plan.max_failures:
        return ""
    found = sum(not plan.is_known(finding) for finding in ledger.findings)
    return f"ended after {found} findings, as --max-failures says" if found >= plan.max_failures else ""
