"""The fixtures of the plugin, as tests of others use them."""

import re
from pathlib import Path

import pytest

from tests.pytest_plugin.conftest import Run

WORLDS = """
import pytest

def test_reading_is_refused(portal):
    assert portal.name.startswith("test-reading-is-refused-")
    assert portal.as_("anna").patch("/v2/portal/user", json={"language": "en"}).status_code == 200

@pytest.mark.parametrize("language", ["de"])
def test_other_world(portal, language):
    assert portal.name.startswith("test-other-world-de-")
    assert portal.as_("anna").get("/v2/portal/user").json()["data"]["language"] == language

def test_client_is_nobody_in_the_same_world(portal, portal_client):
    assert portal_client.get("/v2/portal/user").status_code == 401
    assert portal.journal.last()["response"]["status"] == 401

def test_server_is_at_a_real_port(portal, portal_server):
    from urllib.request import urlopen
    assert portal.url == f"{portal_server.url}/@{portal.name}"
    assert portal_server.url.startswith("http://127.0.0.1:")
    assert urlopen(f"{portal.url}/", timeout=5).headers["x-mockportal-world"] == portal.name

@pytest.mark.anyio
async def test_asynchronous_client(portal, portal_async_client, anyio_backend="asyncio"):
    assert (await portal_async_client.get("/v2/portal/user")).status_code == 401
    portal.clock.advance("P1D")

def test_plain_asyncio(portal):
    import asyncio
    async def name():
        return (await portal.async_as("anna").get("/v2/portal/user")).status_code
    assert asyncio.run(name()) == 200
"""
BACKEND = """
import pytest

@pytest.fixture
def anyio_backend():
    return "asyncio"
"""
MARKS = """
import pytest

pytestmark = pytest.mark.portal(scenario="overdue-invoice", seed=7)

def test_scenario_of_the_module(portal):
    assert portal.scenario == "overdue-invoice"

@pytest.mark.portal(scenario="mine.yaml", clock="2026-12-24T18:00:00+01:00")
def test_nearest_mark_wins_and_a_file_is_found_beside_the_test(portal):
    assert (portal.scenario, portal.clock.now) == ("mine", "2026-12-24T17:00:00.000Z")

@pytest.mark.portal(rules=[{"operation": "getPortalUser", "fault": {"status": 503}}])
def test_rules(portal):
    assert portal.as_("anna").get("/v2/portal/user").status_code == 503
    assert portal.rule({"id": "mine", "operation": "getPortalUser", "fault": {"status": 502}}) == "mine"
    assert portal.as_("anna").get("/v2/portal/user").status_code == 502

@pytest.mark.portal(api="2026-11")
def test_other_version(portal):
    assert len(portal.host.mock.spec.operations) == 173
"""


def test_every_test_has_a_world_of_its_own(run: Run) -> None:
    result = run(conftest=BACKEND, test_worlds=WORLDS)

    result.assert_outcomes(passed=6)


def test_marks_choose_scenario_clock_seed_and_version(run: Run, pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("mine.yaml").write_text("about: Mine.\nextends: default\n")

    run(test_marks=MARKS).assert_outcomes(passed=4)


def test_configuration_file_chooses_version_and_folder(run: Run, pytester: pytest.Pytester) -> None:
    folder = pytester.mkdir("situations")
    folder.joinpath("mine.yaml").write_text("about: Mine.\nextends: default\n")
    pytester.makeini("[pytest]\nportal_api = 2026-11\nportal_scenarios = situations\n")

    result = run(
        test_chosen="""
        import pytest

        @pytest.mark.portal(scenario="mine")
        def test_chosen(portal):
            assert portal.scenario == "mine"
            assert len(portal.host.mock.spec.operations) == 173
        """
    )

    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("mark", "problem"),
    [
        ("scenaro='x'", "@pytest.mark.portal takes scenario, clock, rules, seed, api by name, not scenaro"),
        ("'overdue-invoice'", "@pytest.mark.portal takes scenario, clock, rules, seed, api by name, not 'overdue-invoice'"),
        ("scenario='overdue-invoic'", "*overdue-invoic: is not a known scenario; did you mean 'overdue-invoice'?"),
        ("clock='tomorrow'", "*clock: 'tomorrow' is neither an RFC 3339 instant nor `now`"),
    ],
)  # fmt: skip
def test_wrong_mark_is_one_clear_line(run: Run, mark: str, problem: str) -> None:
    result = run(test_wrong=f"import pytest\n@pytest.mark.portal({mark})\ndef test_wrong(portal): pass\n")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([problem])


def test_expected_requests_are_counted_at_the_end(run: Run) -> None:
    result = run(
        test_counted="""
        def test_met(portal):
            portal.expect("getPortalUser", times=1)
            portal.expect("getPortalUser")
            portal.as_("anna").get("/v2/portal/user")

        def test_not_met(portal):
            portal.expect("getPortalUser", status=401, times=2)
            portal.as_("anna").get("/v2/portal/user")

        def test_failed_already(portal):
            portal.expect("getPortalUser", status=401)
            assert False
        """
    )

    result.assert_outcomes(passed=2, failed=1, errors=1)
    result.stdout.fnmatch_lines(["getPortalUser: expected status 401 2 times; came 0 times"])


def test_scenario_that_only_counts_is_verified_at_the_end(run: Run, pytester: pytest.Pytester) -> None:
    text = "about: One.\nextends: default\nexpect: [{operation: getPortalUser, status: 200, times: 1}]\n"
    pytester.path.joinpath("one.yaml").write_text(text)

    result = run(
        test_one="""
        import pytest

        pytestmark = pytest.mark.portal(scenario="one.yaml")

        def test_met(portal):
            portal.as_("anna").get("/v2/portal/user")

        def test_not_met(portal):
            pass
        """
    )

    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(
        ["*one.yaml:3:*: /expect/0: getPortalUser: expected status 200 1 times; came 0 times"]
    )


def test_scenario_that_plays_is_verified_unless_the_test_has_a_clock(
    run: Run, pytester: pytest.Pytester
) -> None:
    text = (
        "about: Wrong.\nextends: default\nexpect: [{as: dev-anna, operation: getPortalUser, status: 404}]\n"
    )
    pytester.path.joinpath("wrong.yaml").write_text(text)

    result = run(
        test_wrong="""
        import pytest

        @pytest.mark.portal(scenario="wrong.yaml")
        def test_as_written(portal):
            pass

        @pytest.mark.portal(scenario="wrong.yaml", clock="2026-12-24T18:00:00+01:00")
        def test_with_a_clock(portal):
            pass
        """
    )

    result.assert_outcomes(passed=2, errors=1)


def test_failed_test_tells_what_happened_in_its_world(run: Run) -> None:
    result = run(
        test_refused="""
        def test_refused(portal):
            portal.as_("mehmet").get("/v2/portal/user")
            portal.as_().get("/v2/portal/user")
            assert False
        """
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*- world test-refused-* -*",
            "scenario default, at 2026-06-15T07:00:00.000Z",
            "1 GET /v2/portal/user 200 getPortalUser as mehmet",
            "2 GET /v2/portal/user 401 getPortalUser: a bearer token is needed",
        ]
    )


def test_workers_of_xdist_have_worlds_of_their_own(run: Run) -> None:
    result = run(
        "-n", "2", "--portal-export", "failed", how="subprocess", conftest=BACKEND, test_worlds=WORLDS
    )

    result.assert_outcomes(passed=6)


def test_tests_on_the_page_pass(run: Run) -> None:
    page = (Path(__file__).parent.parent.parent / "docs" / "pytest.md").read_text()
    blocks = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)

    result = run(**{f"test_block_{number}": block for number, block in enumerate(blocks)})

    result.assert_outcomes(passed=len(blocks))
    assert len(blocks) == 4
