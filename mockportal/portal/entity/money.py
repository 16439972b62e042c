"""Balances in cents: positive is owed, negative is a credit.

A contract's balance is its unpaid instalments that are due, less its unpaid reimbursements. Every other balance is
a sum of these, so the three levels agree after every mutation.
"""

from collections.abc import Iterable

from mockportal.portal.entity.calendar import today
from mockportal.state.derived import derived
from mockportal.state.store import Draft
from mockportal.values import Record

CURRENCY = "EUR"


@derived
def contract_balance(state: Draft, contract_id: str) -> int:
    """Cents that are open on a contract today."""
    due = today(state).isoformat()
    balance = 0
    for event in state.referring(contract_id, "billing_event", "contract"):
        if "paid_date" in event:
            continue
        if event["type"] == "reimbursement":
            balance -= event.get("billing_amount", 0)
        elif event["due_date"] <= due:
            balance += event.get("billing_amount", 0)
    return balance


@derived
def account_balance(state: Draft, billing_account_id: str) -> int:
    """Cents that are open on the contracts of a billing account."""
    contracts = state.referring(billing_account_id, "contract", "billing_account")
    return total_balance(state, contracts)


def total_balance(state: Draft, contracts: Iterable[Record]) -> int:
    """Cents that are open on these contracts."""
    return sum(contract_balance(state, str(contract["_id"])) for contract in contracts)


def decimal_text(cents: int) -> str:
    """`"-38.65"` for -3865 cents."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"
