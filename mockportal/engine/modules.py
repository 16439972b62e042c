"""The modules of a package of behaviours: imported, imported again, and the files that they stand in."""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from mockportal.errors import BehaviourError


@contextmanager
def imported_afresh(package: str) -> Iterator[None]:
    """Lets the modules of a package be imported again. If that fails, those of before are back."""
    known = {name: module for name, module in sys.modules.items() if _is_of(package, name)}
    for name in known:
        del sys.modules[name]
    importlib.invalidate_caches()
    try:
        yield
    except BaseException:
        for name in [name for name in sys.modules if _is_of(package, name)]:
            del sys.modules[name]
        sys.modules.update(known)
        raise


def package_files(package: str) -> list[Path]:
    """The files of a package and its modules, as far as it is imported."""
    module = sys.modules.get(package)
    if module is None:
        return []
    folders = [Path(folder) for folder in getattr(module, "__path__", ())]
    alone = [Path(module.__file__)] if module.__file__ else []
    return [*alone, *(path for folder in folders for path in folder.rglob("*.py") if path not in alone)]


def _is_of(package: str, name: str) -> bool:
    return bool(package) and (name == package or name.startswith(f"{package}."))


def modules_of(package: str) -> Iterator[ModuleType]:
    """The package and every module in it. Raises `BehaviourError` for one that cannot be imported."""
    module = _imported(package)
    yield module
    for info in pkgutil.iter_modules(getattr(module, "__path__", ()), f"{package}."):
        yield from modules_of(info.name)


def _imported(name: str) -> ModuleType:
    """The module. Raises `BehaviourError` for whatever goes wrong in it: importing runs code of the user."""
    try:
        return importlib.import_module(name)
    except SyntaxError as error:
        raise BehaviourError(
            f"{error.filename or name}:{error.lineno}", f"is not Python: {error.msg}"
        ) from None
    except ImportError as error:
        raise BehaviourError(name, f"cannot be imported: {error}") from None
    except Exception as error:
        raise BehaviourError(name, f"cannot be imported: {type(error).__name__}: {error}") from error
