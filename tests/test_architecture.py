"""A module imports only from lower layers; what may not be used at all is used nowhere."""

import ast
from pathlib import Path

import pytest

import mockportal

ROOT = Path(mockportal.__file__).parent
LAYERS = {
    "values": 0, "errors": 0, "config": 0, "__init__": 0, "spec": 1, "contract": 1.5, "state": 2, "engine": 3,
    "mock": 4, "testing": 4, "portal": 5, "web": 6, "checking": 6, "listing": 6, "verifying": 6, "judging": 6.5, "drifting": 6.6,
    "cli_contract": 7, "cli": 8, "__main__": 9,
}  # fmt: skip
PEERS_THAT_STAY_APART = {("portal", "web"), ("web", "portal")}
FORBIDDEN = {"datetime.now", "datetime.utcnow", "uuid4", "random", "time.sleep", "eval", "exec"}
MODULES = sorted(ROOT.rglob("*.py"))


def part_of(module: str) -> str:
    names = module.split(".")
    return names[1] if len(names) > 1 else "__init__"


def imports(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_imports_only_from_lower_layers(path: Path) -> None:
    own = path.relative_to(ROOT).parts[0].removesuffix(".py")

    wrong = [
        name
        for name in imports(ast.parse(path.read_text()))
        if name.startswith("mockportal.")
        and (LAYERS[part_of(name)] > LAYERS[own] or (own, part_of(name)) in PEERS_THAT_STAY_APART)
    ]

    assert wrong == []


def test_only_the_command_line_knows_the_judge() -> None:
    users = {
        path.relative_to(ROOT).parts[0]
        for path in MODULES
        for name in imports(ast.parse(path.read_text()))
        if name.startswith("mockportal.judge")
    }

    assert users <= {"contract", "judging.py", "drifting.py", "cli_contract.py"}


def test_starlette_and_uvicorn_stay_in_web() -> None:
    users = {
        path.relative_to(ROOT).parts[0]
        for path in MODULES
        for name in imports(ast.parse(path.read_text()))
        if name.split(".")[0] in ("starlette", "uvicorn")
    }

    assert users == {"web"}


@pytest.mark.parametrize("folder", ["spec", "engine", "portal"])
def test_time_and_chance_come_from_the_world(folder: str) -> None:
    found = []
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                found += [
                    f"{path.name}: {name}"
                    for banned in FORBIDDEN
                    if name == banned or name.endswith(f".{banned}")
                ]

    assert found == []


def test_imports_stand_at_the_top() -> None:
    inner = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert inner == []
