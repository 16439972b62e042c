"""Requests that schemathesis makes of the document; `scripts/control-api` sends many more."""

from mockportal.mock import Mock, Setup
from mockportal.spec.spec import Spec
from tests.support.control_fuzz import LARGE, control_failures


def test_generated_requests_are_answered_as_documented(spec: Spec) -> None:
    mock = Mock(Setup(), spec)

    found = [*control_failures(mock, examples=3, seed=1, uncovered=LARGE)]

    assert found == []
