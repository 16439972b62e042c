"""A finding played again by the check that found it, whichever list of checks that is in."""

import pytest

from mockportal.judge.checks.answer.answers import answer_of
from mockportal.judge.checks.answer.registry import NOTHING, answer_checks
from mockportal.judge.model import Interaction, Received, Sent
from mockportal.judge.replay import ReplayedStep, is_still_so
from mockportal.spec.spec import Spec

JSON = (("content-type", "application/json"),)
# check, operation, an answer that it finds something in, the same answer mended
MENDED = [
    (
        "secrets_stay_secret",
        "getContact",
        Received(200, JSON, b'{"data": {"password": "planted-value"}}'),
        Received(200, JSON, b'{"data": {"password": "**************"}}'),
    ),
    (
        "redirects_stay_at_home",
        "getResolvedExternalLink",
        Received(302, (("location", "https://elsewhere.example/"),)),
        Received(302, (("location", "/somewhere"),)),
    ),
    (
        "nothing_is_listed_twice",
        "getAllContracts",
        Received(200, JSON, b'{"data": [{"_id": "a"}, {"_id": "a", "x": 1}]}'),
        Received(200, JSON, b'{"data": [{"_id": "a"}, {"_id": "b", "x": 1}]}'),
    ),
    (
        "not_a_server_error",
        "getAllContracts",
        Received(500, JSON, b"{}"),
        Received(501, JSON, b"{}"),
    ),
]


@pytest.mark.parametrize(("check", "operation", "broken", "mended"), MENDED)
def test_mended_answer_of_the_same_shape_does_not_occur_any_more(
    spec: Spec, check: str, operation: str, broken: Received, mended: Received
) -> None:
    known = spec.operations[operation]
    sent = Sent(operation, known.method, known.path, {})
    then = Interaction(sent, broken)
    [wrong, *_] = answer_checks()[check](answer_of(known, then, broken))

    now = [ReplayedStep(then, Interaction(sent, answer)) for answer in (broken, mended)]

    assert is_still_so(spec, NOTHING, check, wrong.signature, now[:1])
    assert not is_still_so(spec, NOTHING, check, wrong.signature, now[1:])
