"""`pytest contracts`: one test for each operation and each journey, one after another on the same mock."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
SOME = "[getOrder] or [getPortalUserEntity] or [upsertPortalWidget] or [blocks] or [files] or [account]"


def judged(tmp_path: Path, *arguments: str) -> tuple[int, dict[str, bool]]:
    """The exit code, and whether each test passed."""
    path = tmp_path / "junit.xml"
    line = [sys.executable, "-m", "pytest", "contracts", "-q", "-p", "no:cacheprovider", f"--junitxml={path}"]
    alone = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    code = subprocess.run(
        [*line, *arguments], cwd=ROOT, env=alone, capture_output=True, check=False
    ).returncode
    cases = ElementTree.parse(path).iter("testcase") if path.exists() else ()
    return code, {str(case.get("name")): len(case) == 0 for case in cases}


def test_mock_passes_in_whatever_company(tmp_path: Path) -> None:
    code, passed = judged(tmp_path, "-k", SOME)

    assert all(passed.values()), passed
    assert passed.keys() == {
        "test_operation[getOrder]",
        "test_operation[getPortalUserEntity]",
        "test_operation[upsertPortalWidget]",
        "test_journey[blocks]",
        "test_journey[files]",
        "test_journey[account]",
    }
    assert code == 0


def test_deviations_count(tmp_path: Path) -> None:
    assert judged(tmp_path, "-k", "getPublicPages", "--no-overlay")[0] == 0

    nothing = tmp_path / "deviations.yaml"
    nothing.write_text("deviations: []\n")
    code, passed = judged(tmp_path, "-k", "getPublicPages", "--no-overlay", "--deviations", str(nothing))

    assert (code, passed) == (1, {"test_operation[getPublicPages]": False})


def test_bad_settings_end_the_run(tmp_path: Path) -> None:
    assert judged(tmp_path, "--token", "nonsense") == (2, {})
