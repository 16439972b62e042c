"""Exit codes of every command, which its help ends with."""

from collections.abc import Mapping
from types import MappingProxyType

UNUSABLE = 2
INTERRUPTED = 130
_EVERYWHERE = {UNUSABLE: "bad input, or nothing that can be used"}
_DONE = {0: "done", **_EVERYWHERE, INTERRUPTED: "interrupted"}
OF_COMMAND: Mapping[str, Mapping[int, str]] = MappingProxyType(
    {
        "serve": {0: "interrupted", **_EVERYWHERE},
        "check": {**_DONE, 0: "clean", 1: "problems"},
        "verify": {**_DONE, 0: "everything holds", 1: "something does not"},
        "export": _DONE,
        "replay": {**_DONE, 0: "the same", 1: "differs"},
        "new": _DONE,
        "token": _DONE,
        "record": {0: "done when interrupted", 1: "something broke the contract", **_EVERYWHERE},
        "import": {**_DONE, 1: "nothing could be used"},
        "contract": {
            **_DONE,
            0: "the target conforms, or the finding that was replayed is gone",
            1: "violations, or with `--against` a change that fails the run",
            143: "ended by SIGTERM",
        },
        "drift": {**_DONE, 0: "the same", 1: "drift", 143: "ended by SIGTERM"},
        "spec": _DONE,
        "operations": _DONE,
        "mcp": {**_DONE, 0: "the agent has gone"},
        "docs": _DONE,
        "completion": _DONE,
    }
)


def codes_of(command: str) -> list[tuple[int, str]]:
    """The exit codes of a command with their meaning, the lowest first."""
    return sorted(OF_COMMAND[command].items())


def told_codes(command: str) -> str:
    """The exit codes of a command as the end of a help text."""
    return "exit codes:\n" + "\n".join(f"  {code:<4}{meaning}" for code, meaning in codes_of(command))
