"""The commands of the judge over HTTP, against a mock that is right and one that is wrong."""

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from contracts.mutants import MUTANTS, mutated
from contracts.mutants.serving import served
from mockportal.cli import main
from mockportal.mock import Mock

WRONG = "getContract-instalment-text"
CHECK = "response_schema_conformance"
FEW = ["--phases", "checks", "--operation", "getContract", "getAllContracts"]


@pytest.fixture(scope="module")
def right(mock: Mock) -> Iterator[str]:
    with served(mutated(mock, [])) as url:
        yield url


@pytest.fixture(scope="module")
def wrong(mock: Mock) -> Iterator[str]:
    with served(mutated(mock, [one for one in MUTANTS if one.id == WRONG])) as url:
        yield url


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_right_target_conforms(right: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    har = tmp_path / "run.har"
    folder = ["--report", str(tmp_path), "--har", str(har)]
    code = main(["contract", "--target", right, *FEW, *folder, "--format", "json"])

    report = json.loads(said(capsys))
    assert len(json.loads(har.read_text())["log"]["entries"]) == report["traffic"]["sent"]
    assert (code, report["verdict"], report["findings"], report["problems"]) == (0, "conforms", [], [])
    names = [case.get("name") for case in ElementTree.parse(tmp_path / "junit.xml").iter("testcase")]
    assert "getContract: success_is_reached" in names


def test_wrong_target_is_told_replayed_and_accepted(
    right: str, wrong: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["contract", "--target", wrong, *FEW, "--report", str(tmp_path)])

    record = json.loads((tmp_path / "report.json").read_text())
    [finding] = [one for one in record["findings"] if one["check"] == CHECK]
    assert code == 1
    assert finding["id"] in said(capsys)
    again = ["contract", "--replay", finding["id"], "--report", str(tmp_path)]
    assert main([*again, "--target", wrong]) == 1
    assert main([*again, "--target", right]) == 0
    deviations = tmp_path / "deviations.yaml"
    checks = sorted({(one["operation"], one["check"]) for one in record["findings"]})
    entries = [
        {"operation": name, "check": check, "reason": "r", "owner": "o", "expires": "2999-01-01"}
        for name, check in checks
    ]
    deviations.write_text(json.dumps({"deviations": entries}))
    assert main(["contract", "--target", wrong, *FEW, "--deviations", str(deviations)]) == 0
    assert main(["contract", "--target", right, *FEW, "--deviations", str(deviations)]) == 1


def test_findings_are_written_as_deviations(
    wrong: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / "deviations.yaml")

    assert main(["contract", "--target", wrong, *FEW, "--write-deviations", path]) == 1
    assert main(["contract", "--target", wrong, *FEW, "--deviations", path]) == 0
    assert "dev-anna" not in Path(path).read_text()
    assert main(["contract", "--target", wrong, *FEW, "--write-deviations", path]) == 2
    assert "is there already" in capsys.readouterr().err


def test_mock_keeps_the_raw_document_but_for_what_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    few = ["--phases", "checks", "--format", "json", "--operation", "getPublicPages", "postOrderAcceptance"]

    assert main(["contract", "--no-overlay", *few]) == 0

    report = json.loads(said(capsys))
    known = {(one["finding"]["operation"], one["finding"]["check"]) for one in report["known"]}
    assert {
        ("getPublicPages", "status_code_conformance"),
        ("postOrderAcceptance", "valid_body_is_accepted"),
    } <= known


def test_annotations_name_the_operation(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contract", "--target", wrong, *FEW, "--format", "github"]) == 1

    assert "::error title=getContract%3A response_schema_conformance (high),file=openapi.json,line=" in said(
        capsys
    )


def test_mock_does_not_drift_from_itself_and_does_from_a_wrong_one(
    right: str, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    few = ["--operation", "getContract", "getAllContracts"]

    assert main(["drift", "mock", right, *few]) == 0
    assert main(["drift", "mock", wrong, *few, "--suggest"]) == 1
    assert "getContract" in said(capsys)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--target", "http://127.0.0.1:9"], "cannot be reached: connection refused"),
        (["--profile", "remote"], "there is no profile 'remote'"),
        (["--operation", "getContrakt"], "did you mean 'getContract'?"),
        (["--token", "PortalAuth"], "is SCHEME=VALUE"),
        (["--token", "PortlAuth=x"], "did you mean 'PortalAuth'?"),
        (["--profile", "remote-write"], "--allow-writes FILE go together"),
        (["--profile", "local", "--target", "http://192.0.2.1"], "is not on this machine"),
        (["--replay", "x", "--report", "nowhere"], "cannot be read"),
        (["--write-deviations", "pyproject.toml"], "is there already"),
        (["--write-deviations", "nowhere/deviations.yaml"], "is in a folder that does not exist"),
        (["--har", "nowhere/run.har"], "--har nowhere/run.har: is in a folder that does not exist"),
        (["--hooks", "nowhere.py"], "--hooks nowhere.py: cannot be read (No such file or directory)"),
        (["--operation-changed-since", "nowhere.json"], "nowhere.json: cannot be read"),
        (["--report", "/proc/nowhere"], "/proc/nowhere: cannot be written"),
        (["--deviations", "nowhere.yaml"], "cannot be read"),
        (["--against", "nowhere.json"], "nowhere.json"),
        (["--cleanup", "nowhere.jsonl"], "nowhere.jsonl"),
    ],
)
def test_bad_input_is_one_line(
    arguments: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["contract", "--phases", "checks", *arguments])

    shown = capsys.readouterr()
    assert (code, shown.out) == (2, "")
    assert problem in shown.err
    assert len(shown.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("format", "begins"),
    [("text", "1 drift"), ("json", "{"), ("github", "::error title=getContract%3A ")],
)
def test_drift_is_told_in_every_format(
    wrong: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], format: str, begins: str
) -> None:
    few = ["--operation", "getContract", "--report", str(tmp_path), "--format", format]

    code = main(["drift", "mock", wrong, *few])

    assert code == 1
    assert said(capsys).startswith(begins)
    assert {path.name for path in tmp_path.iterdir()} == {"drift.json", "drift.txt", "suggestions.yaml"}


def test_finding_without_requests_cannot_be_replayed(
    right: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["contract", "--target", right, *FEW, "--report", str(tmp_path)])
    capsys.readouterr()

    code = main(["contract", "--target", right, "--replay", "nothing", "--report", str(tmp_path)])

    assert code == 2
    assert "nothing" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--phases", "checks,fuzing"], "'fuzing' is not one of examples, coverage, fuzzing, "),
        (["--rate", "fast"], "'fast' is not a number of requests per second"),
        (["--rate=-1/s"], "'-1/s' is not a number of requests per second"),
        (["--max-examples", "0"], "'0' is not a whole number above 0"),
        (["--timeout=-1"], "'-1' is not a number of seconds above 0"),
        (["--max-time", "nan"], "'nan' is not a number of seconds above 0"),
    ],
)
def test_flag_that_cannot_be_used_is_told_on_the_last_line(
    arguments: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["contract", *arguments])

    assert caught.value.code == 2
    assert problem in capsys.readouterr().err.splitlines()[-1]


def test_check_that_nobody_knows_cannot_be_accepted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "deviations.yaml"
    path.write_text(
        "deviations: [{operation: getContract, check: ids_agre, reason: r, owner: o, expires: 2999-01-01}]"
    )

    code = main(["contract", *FEW, "--deviations", str(path)])

    assert code == 2
    assert "unknown value 'ids_agre'; did you mean 'ids_agree'?" in capsys.readouterr().err


def test_run_ends_after_as_many_findings_as_are_wanted(
    wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["contract", "--target", wrong, *FEW, "--fail-fast", "--format", "json"])

    report = json.loads(said(capsys))
    assert (code, len(report["findings"])) == (1, 1)
    assert report["problems"] == ["ended after 1 findings, as --max-failures says"]


def test_run_ends_when_its_time_is_up(right: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["contract", "--target", right, *FEW, "--rate", "20", "--max-time", "1", "--format", "json"])

    report = json.loads(said(capsys))
    assert (code, report["verdict"]) == (1, "violates")
    assert report["problems"] == ["the time limit of 1 seconds is used up"]
    assert report["seconds"] < 4
