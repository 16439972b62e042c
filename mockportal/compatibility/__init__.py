"""Old against new: what changed between two versions of an OpenAPI document, and whom it breaks."""

from mockportal.compatibility.change_kinds import RULES, Rule
from mockportal.compatibility.changes import Change
from mockportal.compatibility.comparison import compare
from mockportal.compatibility.versions import Step, compare_versions

__all__ = ["RULES", "Change", "Rule", "Step", "compare", "compare_versions"]
