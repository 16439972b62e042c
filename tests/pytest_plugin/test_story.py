"""The report of a failed test: the last request as a command, and the world as a scenario that plays it again."""

import pytest

from tests.pytest_plugin.conftest import Run

REFUSED = """
import pytest

@pytest.mark.portal(scenario="overdue-invoice")
def test_refused(portal):
    portal.as_("mehmet").patch("/v2/portal/user", json={"language": "en"})
    portal.clock.advance("P1D")
    portal.as_().get("/v2/portal/user")
    assert False
"""


def test_report_ends_with_the_last_request_and_the_scenario(run: Run) -> None:
    result = run(test_refused=REFUSED)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "the last request again:",
            "curl *",
            "*/@test-refused-*/v2/portal/user",
            "the world as a scenario:",
            "extends: overdue-invoice",
            "  - {advance: P1D}",
            "(--portal-export DIR writes it to a file)",
        ]
    )


def test_exported_scenario_is_a_test_that_passes(run: Run, pytester: pytest.Pytester) -> None:
    run("--portal-export", "failed", test_refused=REFUSED).assert_outcomes(failed=1)

    written = list((pytester.path / "failed").iterdir())
    written[0].rename(pytester.path / "test_again.yaml")

    assert [path.name.startswith("test-refused-") for path in written] == [True]
    run("test_again.yaml").assert_outcomes(passed=1)


def test_folder_that_cannot_be_written_is_said_in_the_report(run: Run, pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("taken").write_text("")

    result = run("--portal-export", "taken", test_refused=REFUSED)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["the world as a scenario: cannot be written (File exists)"])
