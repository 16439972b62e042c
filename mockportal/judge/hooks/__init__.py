"""Own checks and hooks for `mockportal contract --hooks FILE.py`; `docs/hooks.md` tells how to write them."""

from mockportal.judge.hooks.marks import OutgoingRequest, SeenAnswer, after_run, before_request, check

__all__ = ["OutgoingRequest", "SeenAnswer", "after_run", "before_request", "check"]
