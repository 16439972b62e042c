"""The format of `drift.json`: its number, and its JSON Schema, which `docs/drift-report.schema.json` publishes."""

import json
from importlib.resources import files
from typing import Final

from mockportal.values import Record

FORMAT: Final = 1
DRIFT_SCHEMA: Record = json.loads(files(__package__).joinpath("drift.schema.json").read_text("utf-8"))
