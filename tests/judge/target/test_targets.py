"""The file that says what is known of a target: a mistake is told with its line, and tokens stay out of sight."""

from pathlib import Path

import pytest

from mockportal.cli import main
from mockportal.commands.judging.options import TargetOptions
from mockportal.commands.judging.target import reach_mock
from mockportal.errors import UsageError
from mockportal.judge.target.targets import read_target
from mockportal.mock import Mock
from tests.support.places import without_column

SECRET = "eyJhbGciOi.planted-c1d2e3f4"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("operations: []", "targets.yaml:1: /operations: [] is not of type 'object'"),
        ("tokens: [a]", "targets.yaml:1: /tokens: ['a'] is not of type 'object'"),
        ("tokens: {PortlAuth: a}", "unknown value 'PortlAuth'; did you mean 'PortalAuth'?"),
        ("params: {meterid: 1}", "unknown key 'meterid'; did you mean 'meter_id'?"),
        (
            "operations:\n  getContrakt: {}",
            "targets.yaml:2: /operations/getContrakt: unknown key 'getContrakt'",
        ),
        ("operations:\n  getContract: {parms: {}}", "unknown key 'parms'; did you mean 'params'?"),
        ("operations:\n  getContract: {params: {meter_id: 1}}", "unknown key 'meter_id'"),
        ("apart: [getContrakt]", "unknown value 'getContrakt'; did you mean 'getContract'?"),
        ("locked_out: [{who: x, token: y, scheme: PortalAuth}]", "'status' is a required property"),
        ("refusals: [{operation: getContract, status: 404}]", "did you mean 'operations'?"),
        ("outcomes:\n- operations: [getContract]\n  shwos: {}", "targets.yaml:3: /outcomes/0/shwos"),
        ("redirect_host: []", "did you mean 'redirect_hosts'?"),
        (
            "operations:\n  getContract: {token: $MOCKPORTAL_TOKEN_NOBODY}",
            "$MOCKPORTAL_TOKEN_NOBODY: is named in the targets file",
        ),
    ],
)
def test_mistake_is_one_line(
    text: str, problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "targets.yaml"
    path.write_text(text + "\n")

    code = main(["contract", "--phases", "checks", "--targets", str(path)])

    shown = capsys.readouterr()
    assert (code, shown.out, len(shown.err.splitlines())) == (2, "", 1)
    assert problem in without_column(shown.err)


def test_mistake_in_a_part_names_its_own_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.yaml").write_text("tokens: {}\n")
    (tmp_path / "mine-refusals.yaml").write_text("- {status: 404}\n- {status: nil}\n")

    assert main(["contract", "--targets", str(tmp_path / "mine.yaml")]) == 2

    assert "mine-refusals.yaml:2:4: /1/status: 'nil' is not of type 'integer'" in capsys.readouterr().err


def test_name_of_a_variable_does_not_tell_its_token(mock: Mock) -> None:
    value = {
        "operations": {"getContract": {"token": SECRET}},
        "locked_out": [{"who": "x", "token": f"{SECRET}-2", "scheme": "PortalAuth", "status": 403}],
    }

    known = read_target(value, mock.spec, {"PortalAuth": f"{SECRET}-3"}).variables()

    assert set(known.values()) == {SECRET, f"{SECRET}-2", f"{SECRET}-3"}
    assert not any("PLANTED" in name for name in known)


def test_token_of_the_mock_names_itself(mock: Mock) -> None:
    target = read_target({"operations": {"getContract": {"token": "dev-petra"}}}, mock.spec)

    assert target.variables() == {"$MOCKPORTAL_TOKEN_DEV_PETRA": "dev-petra"}


def test_token_may_come_from_the_environment(
    mock: Mock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "targets.yaml"
    path.write_text("operations:\n  getContract: {token: $MOCKPORTAL_TOKEN_LEA}\n")
    monkeypatch.setenv("MOCKPORTAL_TOKEN_LEA", SECRET)

    target = reach_mock(TargetOptions(targets=path), mock).target

    assert target.variable_of(mock.spec.operations["getContract"]) == "$MOCKPORTAL_TOKEN_LEA"
    assert target.variables()["$MOCKPORTAL_TOKEN_LEA"] == SECRET
    monkeypatch.delenv("MOCKPORTAL_TOKEN_LEA")
    with pytest.raises(UsageError, match="has no such variable"):
        target.variables()
