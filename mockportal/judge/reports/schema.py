"""The format of `report.json`: its number, and its JSON Schema, which `docs/contract-report.schema.json` publishes."""

import json
from importlib.resources import files
from typing import Final

from mockportal.values import Record

FORMAT: Final = 1
REPORT_SCHEMA: Record = json.loads(files(__package__).joinpath("report.schema.json").read_text("utf-8"))
