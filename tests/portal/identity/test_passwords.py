import pytest

from mockportal.errors import BadRequest
from mockportal.portal.identity.passwords import DEMANDS, check_password
from mockportal.spec.spec import Spec
from mockportal.values import Record

STRICT: Record = {
    "minimum_length": 8,
    "maximum_length": 12,
    "require_lowercase": True,
    "require_uppercase": True,
    "require_numbers": True,
    "require_symbols": True,
}


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("Aa1!", "at least 8 characters"),
        ("Aa1!Aa1!Aa1!Aa1!", "at most 12 characters"),
        ("AAAA1111!", "a lower-case letter"),
        ("aaaa1111!", "an upper-case letter"),
        ("AAAAaaaa!", "a digit"),
        ("AAAaaa111", "a symbol"),
        ("aaaaaaaa", "an upper-case letter, a digit, a symbol"),
    ],
)
def test_every_demand_that_is_not_met_is_named(password: str, problem: str) -> None:
    with pytest.raises(BadRequest, match=f"the password needs {problem}"):
        check_password({"cognito_details": {"password_policy": STRICT}}, password)


def test_good_password_passes() -> None:
    check_password({"cognito_details": {"password_policy": STRICT}}, "Musterau!26")


def test_pool_without_a_policy_takes_any_password() -> None:
    check_password({}, "x")


def test_demands_are_the_settings_of_the_spec(spec: Spec) -> None:
    attributes = spec.document["components"]["schemas"]["CommonConfigAttributesV3"]["properties"]
    policy = attributes["cognito_details"]["properties"]["password_policy"]["properties"]

    assert {demand.setting for demand in DEMANDS} == set(policy)
