"""The default scenario with many more customers, who have copies of what its own customers have."""

import re
from dataclasses import replace

from mockportal.mock import Mock
from mockportal.state.ids import stable_uuid
from mockportal.state.scenario import Scenario
from mockportal.values import Record, decode, encode

_ID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9A-HJKMNP-TV-Z]{26}|\b[0-9a-z]{11}\b")
# What belongs to customers, not to the portal that they use.
_OWNED = (
    "account", "activity", "asset", "billing_account", "billing_event", "contact", "contract", "edit", "file", "meter",
    "meter_counter", "meter_reading", "notification", "opportunity", "order", "portal_user", "submission", "ticket",
    "workflow",
)  # fmt: skip
_UNIQUE = (
    "billing_account_number", "contract_number", "customer_number", "external_id", "last_name", "ma_lo_id",
    "meter_number", "name",
)  # fmt: skip


def crowded(mock: Mock, records: int) -> Scenario:
    """The default scenario with at least so many records."""
    scenario = mock.scenario(None)
    draft = scenario.draft()
    tables = {kind: table for kind, table in scenario.state.tables.items() if kind in _OWNED}
    owned = {id.encode() for table in tables.values() for id in table}
    text = encode({kind: [row.record for row in table.values()] for kind, table in tables.items()})
    for copy in range(1, records // len(owned) + 1):
        for kind, copies in decode(_of_others(text, owned, copy)).items():
            for record in copies:
                draft.collection(kind).put(_made_unique(record, copy))
    return replace(scenario, state=draft.state.as_start())


def _of_others(text: bytes, owned: set[bytes], copy: int) -> bytes:
    """The records in a JSON text with other ids wherever one of theirs stands, and other addresses."""

    def renamed(found: re.Match[bytes]) -> bytes:
        id = found[0]
        return stable_uuid(copy, "copy", id.decode()).encode() if id in owned else id

    return _ID.sub(renamed, text).replace(b"@", b"@%d." % copy)


def _made_unique(record: Record, copy: int) -> Record:
    return {
        **record,
        **{name: f"{copy}.{record[name]}" for name in _UNIQUE if isinstance(record.get(name), str)},
    }
