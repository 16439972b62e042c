"""Own checks and hooks: the example of the docs at work, and what fails a run."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from mockportal.cli import main
from mockportal.commands.judging.contract import judged, prepared
from mockportal.commands.judging.finishing import finish
from mockportal.commands.judging.options import Output, TargetOptions
from mockportal.judge.model import Received, Report
from mockportal.judge.plan import RunPlan
from mockportal.judge.reports import Redactor
from mockportal.judge.run import judge
from mockportal.judge.wire.transports import Transport, in_process
from mockportal.mock import Mock
from mockportal.values import Json
from mockportal.web.app import create_app
from tests.support.runs import broken

PAGE = (Path(__file__).parents[2] / "docs" / "hooks.md").read_text()
LIST = "getAllContracts"
ONLY = frozenset((LIST,))
IMPORT = "from mockportal.judge.hooks import after_run, before_request, check\n"


def without_currency(status: int, body: Json) -> tuple[int, Json]:
    return status, {**body, "data": [{**body["data"][0], "amount": 5}]} if status == 200 and body else body


def example(tmp_path: Path) -> Path:
    path = tmp_path / "hooks.py"
    path.write_text(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0])
    return path


def planned(hooks: Path) -> RunPlan:
    plan, _ = prepared(TargetOptions(operations=ONLY, hooks=hooks))
    return replace(plan, stages=("checks",), only=frozenset())


def run(mock: Mock, plan: RunPlan, seen: list[Mapping[str, str]] | None = None) -> Report:
    inner = broken(mock.spec, in_process(create_app(mock)), {LIST: without_currency})

    async def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        if seen is not None:
            seen.append(headers)
        return await inner(method, target, headers, body)

    transport: Transport = plan.hooks.around(send)
    return judge(plan, transport, lambda stage, what: None)


def test_example_of_the_docs_finds_signs_and_tells(
    mock: Mock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hooks, seen = example(tmp_path), list[Mapping[str, str]]()
    plan = planned(hooks)

    report = run(mock, plan, seen)
    finish(report, Redactor([]), TargetOptions(hooks=hooks), Output(), plan.hooks)

    found = next(one for one in report.findings if one.check == "amounts_have_a_currency")
    assert (found.severity, found.signature, found.message) == (
        "high",
        "data",
        "an amount has no currency: 5",
    )
    assert seen
    assert all(len(headers["x-signature"]) == 64 for headers in seen)
    assert not any("x-signature" in exchange.sent.headers for exchange in found.exchanges)
    told = capsys.readouterr().out
    assert "high  amounts_have_a_currency  F999" in told
    assert "0 critical findings: see our runbook" not in told
    assert report.helps["amounts_have_a_currency"] == "An object with an amount says its currency."


def test_check_that_raises_fails_the_run_with_one_line(mock: Mock, tmp_path: Path) -> None:
    path = tmp_path / "hooks.py"
    path.write_text(IMPORT + "@check\ndef odd(answer):\n    return answer.body['nothing']['there']\n")

    report = run(mock, planned(path))

    assert [line for line in report.problems if "odd" in line] == [
        f"{path}:4: odd raised KeyError: 'nothing'"
    ]


def test_hook_of_requests_that_raises_ends_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "hooks.py"
    path.write_text(IMPORT + "@before_request\ndef sign(request):\n    request.headers['x'] = request.key\n")

    code = main(["contract", "--operation", LIST, "--hooks", str(path)])

    said = capsys.readouterr().err.strip().splitlines()[-1]
    assert code == 2
    assert said.endswith(
        f"{path}:4: sign raised AttributeError: 'OutgoingRequest' object has no attribute 'key'"
    )


def test_hook_that_raises_in_the_middle_ends_the_run_with_its_line(mock: Mock, tmp_path: Path) -> None:
    path = tmp_path / "hooks.py"
    path.write_text(
        IMPORT + "calls = []\n@before_request\ndef sign(request):\n"
        "    calls.append(1)\n    if len(calls) > 40: raise RuntimeError('used up')\n"
    )

    plan = replace(planned(path), only=None)
    report = run(mock, plan)

    assert [line for line in report.problems if "sign" in line] == [
        f"{path}:6: sign raised RuntimeError: used up"
    ]
    assert report.traffic["sent"] <= 42


def test_own_check_can_be_accepted_by_a_deviation(mock: Mock, tmp_path: Path) -> None:
    path, known = tmp_path / "hooks.py", tmp_path / "known.yaml"
    path.write_text(IMPORT + "@check\ndef never_right(answer):\n    yield 'all', 'is wrong'\n")
    known.write_text(
        f"deviations:\n  - {{operation: {LIST}, check: never_right, reason: r, owner: o, expires: 2099-01-01}}\n"
    )

    plan, transport = planned(path), in_process(create_app(mock))
    report = judged(TargetOptions(), plan, transport, lambda stage, what: None, known)

    assert (report.findings, [one.finding.check for one in report.known]) == ([], ["never_right"])
