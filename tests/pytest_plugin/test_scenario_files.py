"""Scenario files as tests."""

import pytest

from tests.pytest_plugin.conftest import Run

HOLDS = """about: Anna is there.
extends: default
expect:
  - {as: dev-anna, operation: getPortalUser, status: 200}
"""


def test_files_with_expectations_are_played(run: Run, pytester: pytest.Pytester) -> None:
    folder = pytester.mkdir("scenarios")
    folder.joinpath("test_holds.yaml").write_text(HOLDS)
    folder.joinpath("test_fails.yaml").write_text(
        HOLDS + "  - {advance: P1D}\n  - {as: nobody, operation: getPortalUser, status: 200}\n"
    )
    folder.joinpath("test_data.yaml").write_text("about: No expectations.\nextends: default\n")
    folder.joinpath("other.yaml").write_text(HOLDS)

    result = run("scenarios")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*test_fails: expect*",
            "scenarios/test_fails.yaml:6:*: /expect/2: getPortalUser: expected status 200; came status 401 with *",
        ]
    )


def test_file_that_cannot_be_used_is_one_clear_line(run: Run, pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("test_wrong.yaml").write_text(HOLDS.replace("getPortalUser", "getPortalUsr"))

    result = run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*test_wrong.yaml:4:*: /expect/0/operation: unknown operation 'getPortalUsr'; did you mean 'getPortalUser'?"
        ]
    )


def test_files_of_others_are_left_alone(run: Run, pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("test_other.yaml").write_text("stages:\n  - expect: 1\n")

    assert run().ret == pytest.ExitCode.NO_TESTS_COLLECTED
