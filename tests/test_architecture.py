"""Where things may stand: floors and rooms, words of the Portal API, names of classes, sizes."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

import mockportal
from mockportal.commands import COMMANDS

ROOT = Path(mockportal.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
TREES = {path: ast.parse(path.read_text()) for path in MODULES}
# A module imports only from its own floor or a lower one. An entry with a dot is a room inside another one.
FLOORS = {
    "": {
        "values": 0, "errors": 0, "config": 0, "redaction": 0, "files": 0, "json_tree": 0, "media_types": 0,
        "workflow_commands": 0, "http_archive": 0, "srp": 0, "version": 0, "__init__": 0,
        "manual": 1, "spec": 1, "compatibility": 1, "state": 2, "engine": 3, "judge": 3, "worlds": 4, "mock": 4, "testing": 4,
        "expectations": 4, "programs": 4, "recordings": 4, "portal": 5, "web": 6, "library": 7, "agents": 7, "commands": 7, "pytest_plugin": 8, "cli": 8, "__main__": 9,
    },
    "portal": {
        "unreachable": 0, "versions": 0, "cursors": 0, "tokens": 0, "attribute_types": 0, "attributes": 0, "record_attributes": 0, "collections": 1, "entity": 2, "identity": 3, "search": 4, "pages": 5,
        "configuration": 6, "access": 7, "customer": 7, "notifications": 7, "revisions": 7, "metering": 8, "ignored": 8,
        "cognito": 8, "engagement": 8, "assets": 8, "exports": 8,
        "hiding": 3, "openid": 9, "file_store": 9, "previews": 10, "services": 10, "__init__": 11,
    },
    "judge": {
        "__init__": 0, "model": 0, "faults": 0, "knowledge": 0, "progress": 0, "wire": 1, "target": 2, "hooks": 2,
        "plan": 3, "checks.answer": 3, "reports": 3, "ledger": 4, "deviations": 4, "discovery": 3, "endings": 5, "context": 5, "fuzz": 5,
        "checks": 6, "journeys": 6, "drift": 7, "stages": 8, "run": 9, "replay": 10, "checks_page": 10,
    },
    "judge.checks": {
        "__init__": 0, "reading": 0, "answer": 0, "lists": 1, "variations": 1, "sequence": 2,
        "tokens": 3, "writes": 3, "registry": 4,
    },
}  # fmt: skip
# Rooms of one floor, or of neighbouring ones, that know nothing of each other.
APART = {
    ("portal", "web"), ("judge", "state"), ("judge", "engine"), ("compatibility", "spec.operations"),
    ("portal.access", "portal.customer"), ("judge.journeys", "judge.checks"), ("judge.checks", "judge.journeys"),
}  # fmt: skip
FORBIDDEN = {"datetime.now", "datetime.utcnow", "uuid4", "random", "time.sleep", "eval", "exec"}
# The generic rooms serve any API, so they hold no word of this one.
GENERIC = (
    "spec", "state", "engine", "mock.py", "web", "judge", "files", "json_tree.py", "media_types.py", "redaction", "expectations", "programs", "recordings",
)  # fmt: skip
WORDS = re.compile(
    r"musterau|epilot|PortalAuth|EitherAuth|ExternalOIDCAuth|portal_user|portal_id|organi[sz]ation_id|\bPortal API"
    r"|\bportals?\b|\$relation|dev-anna|\bmeter_reading|billing_event|getPortal\w+",
    re.IGNORECASE,
)


def name_of(path: Path) -> str:
    """`judge.checks.reading`, `judge.__init__`"""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def imports(tree: ast.AST) -> list[str]:
    """The modules of this package that are imported, without `mockportal.`."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module] if node.module != "mockportal" else [f"{node.module}.__init__"]
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
    return [name.removeprefix("mockportal.") for name in found if name.startswith("mockportal.")]


def place_in(area: str, module: str) -> str:
    """The longest entry of an area's floors that a module belongs to."""
    inside = module.removeprefix(f"{area}.") if area else module
    entries = [entry for entry in FLOORS[area] if inside == entry or inside.startswith(f"{entry}.")]
    return max(entries, key=len, default="__init__" if inside == area else "?")


def within(room: str, module: str) -> bool:
    return module == room or module.startswith(f"{room}.")


@pytest.mark.parametrize("area", FLOORS)
def test_modules_import_only_from_their_floor_or_below(area: str) -> None:
    floors, wrong = FLOORS[area], []
    for path, tree in TREES.items():
        own = name_of(path)
        if area and not within(area, own):
            continue
        here = place_in(area, own)
        for name in imports(tree):
            if area and not within(area, name):
                continue
            there = place_in(area, name)
            rises = floors[there] > floors[here]
            sideways = floors[there] == floors[here] and there != here and floors[there] > 0 and area != ""
            if rises or sideways:
                wrong.append(f"{own} -> {name}")

    assert wrong == []


def test_every_room_has_a_floor() -> None:
    lost = [name_of(path) for path in MODULES for area in FLOORS if within(area, name_of(path)) or not area
            if place_in(area, name_of(path)) == "?"]  # fmt: skip

    assert lost == []


@pytest.mark.parametrize(("room", "other"), sorted(APART))
def test_rooms_that_know_nothing_of_each_other(room: str, other: str) -> None:
    users = [
        f"{name_of(path)} -> {name}"
        for path, tree in TREES.items()
        if within(room, name_of(path)) and not within("judge.checks.answer", name_of(path))
        for name in imports(tree)
        if within(other, name)
    ]

    assert users == []


def test_only_the_commands_know_the_judge() -> None:
    users = {
        name_of(path).split(".")[0]
        for path, tree in TREES.items()
        for name in imports(tree)
        if within("judge", name)
    }

    assert users <= {"judge", "commands"}


def test_starlette_and_uvicorn_stay_in_web() -> None:
    users = {
        path.relative_to(ROOT).parts[0]
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("starlette", "uvicorn")
    }

    assert users == {"web"}


@pytest.mark.parametrize("folder", ["spec", "engine", "portal"])
def test_time_and_chance_come_from_the_world(folder: str) -> None:
    found = []
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(TREES[path]):
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
        name_of(path)
        for path, tree in TREES.items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    # the commands, each with what only it needs; two of them need an extra
    assert Counter(inner) == {"commands.judging.faces": 5, "commands.__init__": len(COMMANDS) + 1}


@pytest.mark.parametrize("room", GENERIC)
def test_generic_rooms_hold_no_word_of_the_portal_api(room: str) -> None:
    paths = [ROOT / room] if room.endswith(".py") else sorted((ROOT / room).rglob("*.py"))
    found = [
        f"{name_of(path)}:{number}: {word.group()}"
        for path in paths
        if not within("judge.journeys", name_of(path))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        for word in WORDS.finditer(line)
    ]

    assert found == []


def test_no_two_public_classes_share_a_name() -> None:
    names = Counter(
        node.name
        for tree in TREES.values()
        for node in tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )

    assert [name for name, times in names.items() if times > 1] == []


def test_rooms_and_files_are_small() -> None:
    packages = Counter(path.parent for path in MODULES)
    lines = sorted(len(path.read_text().splitlines()) for path in MODULES)

    assert {str(folder): count for folder, count in packages.items() if count > 14} == {}
    assert lines[len(lines) // 2] <= 110
    assert lines[-1] <= 300


def test_few_functions_are_longer_than_a_screen() -> None:
    long = [
        f"{name_of(path)}.{node.name}: {node.end_lineno - node.lineno + 1}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= 30
    ]

    assert len(long) <= 8, long
