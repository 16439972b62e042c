"""A hooks file, read and called. Whatever goes wrong in it is one line with its place, never a traceback."""

import inspect
import re
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from mockportal.errors import UsageError
from mockportal.judge.hooks.marks import OutgoingRequest, OwnCheck, RequestHook, RunHook, SeenAnswer
from mockportal.judge.model import Received
from mockportal.judge.wire.gate import Stopped
from mockportal.judge.wire.transports import Transport
from mockportal.values import Record

_FLAG = "--hooks"
_NAME = re.compile("[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Hooks:
    """The functions of a hooks file, by name. `failed` are the lines about those that have raised."""

    path: Path = Path()
    checks: Mapping[str, OwnCheck] = field(default_factory=dict)
    before: Mapping[str, RequestHook] = field(default_factory=dict)
    after: Mapping[str, RunHook] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def helps(self) -> dict[str, str]:
        """The text that each check has about itself."""
        return {name: " ".join((one.function.__doc__ or name).split()) for name, one in self.checks.items()}

    def wrongs(self, name: str, answer: SeenAnswer) -> Iterator[tuple[str, str]]:
        """The findings of an own check; none once it has raised."""
        if name in self.failed:
            return
        try:
            found = [
                (str(place), str(message)) for place, message in self.checks[name].function(answer) or ()
            ]
        except Exception as error:  # of a function that is not ours
            self.failed[name] = self._line(name, error)
            return
        yield from found

    def around(self, transport: Transport) -> Transport:
        """The transport, in front of which each request goes through the file. Raises `Stopped` with a line that
        names the function that has raised."""
        if not self.before:
            return transport

        async def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
            request = OutgoingRequest(method, target, dict(headers), body)
            for name, hook in self.before.items():
                self._call(name, hook.function, request)
            return await transport(request.method, request.target, request.headers, request.body)

        return send

    def notes(self, report: Record) -> list[str]:
        """The texts that functions return after a run; those that raise are in `failed`."""
        told = []
        for name, hook in self.after.items():
            try:
                told.append(self._call(name, hook.function, report))
            except Stopped:
                continue
        return [str(text) for text in told if text]

    def _call(self, name: str, function: Callable[[Any], Any], argument: object) -> Any:
        try:
            return function(argument)
        except Exception as error:  # of a function that is not ours
            self.failed[name] = self._line(name, error)
            raise Stopped(self.failed[name]) from None

    def _line(self, name: str, error: Exception) -> str:
        return f"{_place(self.path, error)}: {name} raised {_said(error)}"


def load_hooks(path: Path, taken: Collection[str]) -> Hooks:
    """The functions of a file that the decorators mark, in its order. The names in `taken` belong to the judge.

    Raises `UsageError` with file and line.
    """
    module = _module(path)
    found = [one for one in vars(module).items() if isinstance(one[1], OwnCheck | RequestHook | RunHook)]
    if not found:
        raise UsageError(f"{_FLAG} {path}", "marks no function with check, before_request or after_run")
    for name, hook in found:
        where = (
            f"{path}:{hook.function.__code__.co_firstlineno}"
            if inspect.isfunction(hook.function)
            else str(path)
        )
        if isinstance(hook, OwnCheck) and (name in taken or not _NAME.fullmatch(name)):
            problem = "is the name of a check already" if name in taken else "is no name like totals_add_up"
            raise UsageError(where, f"{name} {problem}")
        if not callable(hook.function) or not _takes_one(hook.function):
            raise UsageError(where, f"{name} has to be a function of one argument")
    return Hooks(
        path,
        checks={name: one for name, one in found if isinstance(one, OwnCheck)},
        before={name: one for name, one in found if isinstance(one, RequestHook)},
        after={name: one for name, one in found if isinstance(one, RunHook)},
    )


def _module(path: Path) -> ModuleType:
    module = ModuleType("mockportal_hooks")
    module.__file__ = str(path)
    try:
        code = compile(path.read_bytes(), str(path), "exec")
    except OSError as error:
        raise UsageError(f"{_FLAG} {path}", f"cannot be read ({error.strerror})") from None
    except (SyntaxError, ValueError) as error:
        line = f":{error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        raise UsageError(f"{path}{line}", f"is not Python: {getattr(error, 'msg', error)}") from None
    try:
        exec(code, vars(module))  # which is what the flag asks for
    except Exception as error:  # of a file that is not ours
        raise UsageError(_place(path, error), f"raised {_said(error)}") from None
    return module


def _takes_one(function: Callable[..., object]) -> bool:
    try:
        inspect.signature(function).bind(None)
    except TypeError:
        return False
    return not inspect.iscoroutinefunction(function)


def _place(path: Path, error: Exception) -> str:
    """The line of the file at which it was raised, or from which it was called."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    return f"{path}:{lines[-1]}" if lines else str(path)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
