"""Where redirects may lead."""

import pytest

from mockportal.judge.checks.answer.answers import answer_of
from mockportal.judge.checks.answer.redirects import home_hosts, redirects_to
from mockportal.judge.model import Interaction, Received, Sent
from mockportal.judge.wire.gate import Gate
from mockportal.judge.wire.sender import Sender
from mockportal.judge.wire.transports import in_process
from mockportal.mock import Mock
from mockportal.spec.spec import Spec
from mockportal.web.app import create_app
from tests.support.runs import target_of


def leads(spec: Spec, name: str, location: str, asked: bool, target: str = "/") -> list[str]:
    received = Received(301, (("location", location),))
    answer = answer_of(spec.operations[name], Interaction(Sent(name, "GET", target, {}), received), received)
    return [wrong.signature for wrong in redirects_to(["home.test"], ["new.test"], asked)(answer)]


@pytest.mark.parametrize("operation", ["confirmUser", "confirmUserWithUserId", "ssoRedirect"])
@pytest.mark.parametrize(
    "location", ["https://evil.test/x", "//evil.test", "https://home.test@evil.test/", "/\\evil.test"]
)
def test_redirect_to_another_host_is_found(spec: Spec, operation: str, location: str) -> None:
    assert leads(spec, operation, location, asked=False) == ["301 host"]


@pytest.mark.parametrize(
    "location", ["https://home.test/x?y", "https://HOME.test:8443/", "/login", "https://new.test"]
)
def test_redirect_to_the_portal_is_left_alone(spec: Spec, location: str) -> None:
    assert leads(spec, "confirmUser", location, asked=False) == []


def test_host_that_the_request_names_is_good_where_the_target_names_none(spec: Spec) -> None:
    target = "/sso?web_uri=https%3A%2F%2Fshop.test%2Flogin"

    assert leads(spec, "ssoRedirect", "https://shop.test/login", asked=True, target=target) == []
    assert leads(spec, "ssoRedirect", "https://shop.test/login", asked=False, target=target) == ["301 host"]


def test_hosts_of_a_target_that_names_none_are_those_of_its_public_settings(mock: Mock) -> None:
    target = target_of(mock)
    gate = Gate(mock.spec, in_process(create_app(mock)), isolation=target.isolation, run="hosts")
    unnamed = target.__class__(target.tokens, target.cases)

    with Sender(gate) as sender:
        hosts = home_hosts(sender, mock.spec, unnamed, "http://127.0.0.1:8000")

    assert {"127.0.0.1", "mein.sw-musterau.test"} <= hosts
