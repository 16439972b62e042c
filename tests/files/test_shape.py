"""Mistakes of shape: all of them, each at the key that is at fault, in the words of somebody who writes YAML."""

from pathlib import Path

import pytest

from mockportal.files.shape import mistakes
from mockportal.files.strict_yaml import load_yaml
from mockportal.portal.collections import COLLECTIONS
from mockportal.state.scenario_schema import scenario_schema

SCHEMA = scenario_schema(["getUser", "getUsers"], COLLECTIONS)
TOKEN_KEYS = "(known: admin, claims, denied, oidc, org, readonly, refresh, user)"
RULE_KEYS = "(known: id, operation, tag, when, times, after, every, chance, until, reply, patch, delay, fault, state, hold, sequence, unchecked)"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("tokens: {x: {user: 5}}", ["1:14: /tokens/x/user: 5 is not of type 'string'"]),
        ("tokens: {x: {usr: a}}", [f"1:14: /tokens/x/usr: unknown key 'usr'; did you mean 'user'? {TOKEN_KEYS}"]),
        ("tokens: {x: 5}", ["1:10: /tokens/x: 5 is not of type 'object' or 'string'"]),
        ("tokens: {x: {admin: false}}", ["1:14: /tokens/x/admin: false is not true, the only value here"]),
        (
            "tokens: {x: {oidc: i, readonly: true}}",
            ["1:23: /tokens/x/readonly: unknown key 'readonly' (known: oidc, claims)"],
        ),
        ("tokens: {x: !rel contact/anna}", ["1:10: /tokens/x: the tag !rel cannot stand here"]),
        ("entities: {contact: {anna: }}", [
            "1:22: /entities/contact/anna: has no value; one of type 'object' or 'string' is expected"]),
        ("entities: {contact: }", ["1:12: /entities/contact: has no value; one of type 'object' is expected"]),
        ("entities: {contact: {anna: [1, null, true]}}", [
            "1:22: /entities/contact/anna: [1, null, true] is not of type 'object' or 'string'"]),
        ("entities:\n  contct: {}", ["2:3: /entities/contct: unknown collection 'contct'; did you mean 'contact'?"]),
        ("extends: [a, 5, {}]", [
            "1:14: /extends/1: 5 is not of type 'string'", "1:17: /extends/2: {} is not of type 'string'"]),
        ("clock: {nw: x}", ["1:9: /clock/nw: unknown key 'nw'; did you mean 'now'? (known: mode, now, step)"]),
        ("clock: 5", ["1:1: /clock: 5 is not of type 'string' or 'object'"]),
        ("seed: !id x", ["1:1: /seed: the tag !id cannot stand here"]),
        ("rules: [{operation: [getUsr]}]", [
            "1:22: /rules/0/operation/0: unknown operation 'getUsr'; did you mean 'getUser'?"]),
        ("rules: [{operation: 5}]", ["1:10: /rules/0/operation: 5 is not of type 'string' or 'array'"]),
        ("rules: [{oeration: getUser}]", [
            f"1:10: /rules/0/oeration: unknown key 'oeration'; did you mean 'operation'? {RULE_KEYS}"]),
        ("rules: [{operation: getUser, delay: !rel a/b}]", ["1:30: /rules/0/delay: the tag !rel cannot stand here"]),
        ("expect: [{advance: P1M}]", [
            "1:11: /expect/0/advance: 'P1M' is not a duration such as 45d, 1.5s or P14D"
            " (months and years have no fixed length)"]),
        ("expect: [{as: x, operation: getUser, times: 1, status: 200}]", [
            "1:11: /expect/0/as: cannot stand together with 'times'"]),
        ("expect: [{operation: getUser}]", ["1:10: /expect/0: 'operation' needs 'status' too"]),
        ("[]", ["1:1: /: [] is not of type 'object'"]),
        ("about: 5\nseed: x\nrules:\n  - {operation: getUsr, foo: 1, id: 5}", [
            f"4:25: /rules/0/foo: unknown key 'foo' {RULE_KEYS}",
            "4:6: /rules/0/operation: unknown operation 'getUsr'; did you mean 'getUser'?",
            "4:33: /rules/0/id: 5 is not of type 'string'",
            "1:1: /about: 5 is not of type 'string'",
            "2:1: /seed: 'x' is not of type 'integer'"]),
    ],
)  # fmt: skip
def test_every_mistake_is_told_at_its_key(tmp_path: Path, text: str, problems: list[str]) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)

    found = [str(mistake).removeprefix(f"{path}:") for mistake in mistakes(load_yaml(path), SCHEMA)]

    assert found == problems


def test_long_value_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(f"seed: {'x' * 5_000}\nclock: [{'a, ' * 500}]\n")

    assert all(len(mistake.problem) < 200 for mistake in mistakes(load_yaml(path), SCHEMA))


def test_text_on_whose_end_two_regex_engines_disagree_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text('expect: [{advance: "2h\\n"}]\n')

    assert [mistake.problem for mistake in mistakes(load_yaml(path), SCHEMA)] == [
        "has a value with a line break where none may be"
    ]
