"""The same mutants before bare `schemathesis run`: one token, no targets file, none of our checks.

Once as it is, where the run soon ends its own session, and once `helped`: each operation in a world of its own, and the
token replaced by one that is good for the operation.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from starlette.types import Receive, Scope, Send

from contracts.mutants.catalogue import MUTANTS
from contracts.mutants.groups import groups
from contracts.mutants.serving import served
from contracts.mutants.target import Asgi, mutated
from mockportal.commands.judging.options import TargetOptions
from mockportal.commands.judging.target import reach_mock
from mockportal.judge.target.targets import Target
from mockportal.mock import Mock, Setup, load_mock
from mockportal.spec.routes import BadPath, Routes
from mockportal.values import Record

TOKEN = "dev-anna"


def bare_score(ids: Sequence[str], phases: str, seed: int, size: int, workers: int, helped: bool) -> Record:
    """`{mutants, killed, by_class}`: a mutant is killed if an operation of its fails as it does not on the
    correct mock."""
    chosen = [mutant for mutant in MUTANTS if mutant.id in ids]
    runs = [[], *([mutant.id for mutant in group] for group in groups(chosen, size))]
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        clean, *found = [
            one.result() for one in [pool.submit(failing, run, phases, seed, helped) for run in runs]
        ]
    killed = {
        mutant.id
        for run, wrong in zip(runs[1:], found, strict=True)
        for mutant in chosen
        if mutant.id in run and {name for name, _ in wrong - clean} & set(mutant.operations)
    }
    kinds: dict[str, Record] = {}
    for mutant in chosen:
        counts = kinds.setdefault(mutant.kind, {"killed": 0, "missed": 0})
        counts["killed" if mutant.id in killed else "missed"] += 1
    return {
        "phases": phases,
        "mutants": len(chosen),
        "killed": len(killed),
        "score": round(len(killed) / max(1, len(chosen)), 4),
        "fails_on_the_correct_mock": len(clean),
        "by_class": dict(sorted(kinds.items())),
    }


def failing(ids: Sequence[str], phases: str, seed: int, helped: bool) -> set[tuple[str, str]]:
    """The operations for which schemathesis reports a failure, each with the kind of the failure."""
    mock = load_mock(Setup())
    names = {f"{one.method} {one.path}": one.id for one in mock.spec.operations.values()}
    app = mutated(mock, [mutant for mutant in MUTANTS if mutant.id in ids])
    report, _ = bare_run(helped_app(app, mock) if helped else app, mock, phases, seed)
    return {
        (names[label], failure["type"])
        for failure in report["failures"]
        for label in failure["operations"]
        if label in names
    }


def bare_run(app: Asgi, mock: Mock, phases: str, seed: int, examples: int = 10) -> tuple[Record, str]:
    """The report of `schemathesis run` on an application, and what it printed."""
    with tempfile.TemporaryDirectory() as folder, served(app) as url:
        (Path(folder) / "openapi.json").write_text(json.dumps(mock.spec.document))
        line = [str(Path(sys.executable).parent / "schemathesis"), "run", "openapi.json", "--url", url]
        line += ["-H", f"Authorization: Bearer {TOKEN}", "--phases", phases, "--seed", str(seed)]
        line += ["--continue-on-failure", "--generation-database", "none", "--max-examples", str(examples)]
        line += ["--report", "json", "--report-json-path", "report.json", "--workers", "1"]
        run = subprocess.run(line, cwd=folder, capture_output=True, check=False, text=True)
        report: Record = json.loads((Path(folder) / "report.json").read_text())
    return report, run.stdout


def helped_app(app: Asgi, mock: Mock) -> Asgi:
    """The application with a good token and a world of its own for each operation."""
    return _Helped(app, mock.spec.routes, reach_mock(TargetOptions(), mock).target)


class _Helped:
    """An application behind a door that puts each operation in a world of its own, with a token that is good for it."""

    def __init__(self, app: Asgi, routes: Routes, target: Target) -> None:
        self._app = app
        self._routes = routes
        self._target = target

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        operation = self._operation(scope) if scope["type"] == "http" else ""
        if operation:
            good = f"Bearer {self._target.cases[operation].token}".encode()
            sent = [
                (name, good if value == f"Bearer {TOKEN}".encode() else value)
                for name, value in scope["headers"]
            ]
            world = (self._target.isolation.lower().encode(), operation.lower().encode())
            scope = {**scope, "headers": [*sent, world]}
        await self._app(scope, receive, send)

    def _operation(self, scope: Scope) -> str:
        try:
            route = self._routes.find(scope["raw_path"].decode("latin-1"))
        except BadPath:
            return ""
        found = route.operation(scope["method"]) if route else None
        return found[0].id if found else ""
