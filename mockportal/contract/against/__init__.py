"""Old against new: what changed between two versions of an OpenAPI document, and whom it breaks."""

from mockportal.contract.against.changes import Change
from mockportal.contract.against.comparison import compare
from mockportal.contract.against.rules import RULES, Rule
from mockportal.contract.against.versions import Step, compare_versions

__all__ = ["RULES", "Change", "Rule", "Step", "compare", "compare_versions"]
