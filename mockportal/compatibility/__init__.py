"""Old against new: what changed between two versions of an OpenAPI document, and whom it breaks."""

from mockportal.compatibility.change_kinds import CHANGE_KINDS, ChangeKind
from mockportal.compatibility.changes import Change
from mockportal.compatibility.comparison import compare
from mockportal.compatibility.versions import VersionStep, compare_versions

__all__ = ["CHANGE_KINDS", "Change", "ChangeKind", "VersionStep", "compare", "compare_versions"]
