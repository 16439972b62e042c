"""A mock is told from everything else by asking, and its worlds are tried out."""

from mockportal.commands.judging.target import WORLD_HEADER, shipped_targets
from mockportal.judge.target.recognition import Recognition, recognised
from mockportal.judge.wire.transports import AsgiApp, in_process
from mockportal.mock import Mock, Setup
from mockportal.web.app import create_app
from tests.support.deployments import as_deployment, without_worlds


def asked(mock: Mock, app: AsgiApp) -> Recognition:
    identity = shipped_targets(mock.setup.api, mock.spec)["identity"]
    return recognised(in_process(app), identity, WORLD_HEADER)


def test_mock_with_the_data_of_the_file(mock: Mock) -> None:
    known = asked(mock, create_app(mock))

    assert known == Recognition(is_mock=True, has_worlds=True)
    assert known.has_same_data


def test_mock_of_another_seed_says_so(mock: Mock) -> None:
    known = asked(mock, create_app(Mock(Setup(seed=7), mock.spec)))

    assert (known.is_mock, known.has_worlds, known.differs) == (True, True, "seed 7 instead of 500001")
    assert not known.has_same_data


def test_mock_whose_worlds_a_proxy_takes_away(mock: Mock) -> None:
    known = asked(mock, without_worlds(create_app(mock)))

    assert (known.is_mock, known.has_worlds) == (True, False)


def test_deployment_is_no_mock(mock: Mock) -> None:
    assert asked(mock, as_deployment(create_app(mock))) == Recognition()
