"""Known disagreements: accepted until they expire, and only while they occur."""

from datetime import date
from pathlib import Path

import pytest

from mockportal.errors import FileError
from mockportal.judge.deviations import accept, identity_of, load_deviations
from mockportal.judge.model import Finding

ENTRY = "{operation: getOrder, check: c, reason: r, owner: o, expires: 2027-01-31}"
FINDING = Finding("getOrder", "c", "200 /data", "wrong", "", "answers")
DAY = date(2026, 11, 23)


def written(tmp_path: Path, *entries: str) -> Path:
    path = tmp_path / "deviations.yaml"
    path.write_text("deviations:\n" + "".join(f"- {entry}\n" for entry in entries))
    return path


def test_known_deviation_is_accepted(tmp_path: Path) -> None:
    deviations = load_deviations(written(tmp_path, ENTRY), ["getOrder"], ["c", "d"])

    stay, known, problems = accept([FINDING], identity_of, deviations, DAY, ["getOrder"])

    assert (stay, [one for one, _ in known], problems) == ([], [FINDING], [])


def test_signature_narrows_a_deviation(tmp_path: Path) -> None:
    deviations = load_deviations(
        written(tmp_path, ENTRY.replace("reason", "signature: 200 /other, reason")), ["getOrder"], ["c"]
    )

    stay, known, problems = accept([FINDING], identity_of, deviations, DAY, ["getOrder"])

    assert (stay, known) == ([FINDING], [])
    assert problems == [
        f"{tmp_path}/deviations.yaml:2:3: /deviations/0: c on getOrder does not occur any more"
    ]


def test_expired_deviation_fails_the_run(tmp_path: Path) -> None:
    deviations = load_deviations(written(tmp_path, ENTRY), ["getOrder"], ["c", "d"])

    stay, known, problems = accept([FINDING], identity_of, deviations, date(2027, 2, 1), ["getOrder"])

    assert (stay, known) == ([FINDING], [])
    assert problems == [f"{tmp_path}/deviations.yaml:2:3: /deviations/0: expired on 2027-01-31"]


@pytest.mark.parametrize(
    ("entry", "idle", "missed"),
    [(ENTRY, (), 1), (ENTRY, ("c",), 0), (ENTRY, ("d",), 1),
     (ENTRY[:-1] + ", sometimes: true}", (), 0), (ENTRY[:-1] + ", sometimes: false}", (), 1)],
)  # fmt: skip
def test_deviation_that_does_not_occur_is_missed_where_it_could(
    tmp_path: Path, entry: str, idle: tuple[str, ...], missed: int
) -> None:
    deviations = load_deviations(written(tmp_path, entry), ["getOrder"], ["c", "d"])

    assert len(accept([], identity_of, deviations, DAY, ["getOrder"], idle)[2]) == missed


def test_deviation_of_an_untested_operation_is_left_alone(tmp_path: Path) -> None:
    deviations = load_deviations(written(tmp_path, ENTRY), ["getOrder"], ["c", "d"])

    assert accept([], identity_of, deviations, DAY, []) == ([], [], [])


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (ENTRY.replace("owner: o, ", ""), "'owner' is a required property"),
        (
            ENTRY.replace("getOrder", "getOrdr"),
            "unknown operation 'getOrdr'; did you mean 'getOrder'?",
        ),
        (ENTRY.replace("2027-01-31", "soon"), "'soon' is not a day like 2027-01-31"),
        (ENTRY.replace("2027-01-31", "2027-13-01"), "'2027-13-01' is not a day like 2027-01-31"),
        (ENTRY.replace("check: c", "check: cc"), "unknown value 'cc'; did you mean 'c'?"),
        (ENTRY[:-1] + ", sometimes: 1}", "1 is not of type 'boolean'"),
        (ENTRY.replace("owner", "ownr"), "unknown key 'ownr'; did you mean 'owner'?"),
        ("x", "'x' is not of type 'object'"),
    ],
)
def test_wrong_entry_is_named(tmp_path: Path, entry: str, problem: str) -> None:
    with pytest.raises(FileError, match=r"/deviations/0") as raised:
        load_deviations(written(tmp_path, entry), ["getOrder"], ["c", "d"])

    assert raised.value.problem.split(" (known: ")[0] == problem
