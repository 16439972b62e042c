"""Headers, queries, paths and bodies without secrets."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockportal.redaction import REDACTED, Redaction, literals, redaction, told_literals
from mockportal.values import Json

HIDE = redaction(literals(["dev-anna", "dev-anna-2"]))
MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("authorization", "Bearer dev-anna", "Bearer [redacted]"),
        ("Authorization", "s3cr3t", REDACTED),
        ("authorization", "s3cr3t and more", REDACTED),
        ("Proxy-Authorization", "Basic YTpi", "Basic [redacted]"),
        ("Cookie", "a=b; c=d", REDACTED),
        ("Set-Cookie", "sid=1; Path=/", REDACTED),
        ("X-Auth-Token", "abc", REDACTED),
        ("X-Auth-Token", "", ""),
        ("Location", "https://a.test/cb?access_token=abc&x=1#id_token=def", "https://a.test/cb?access_token=[redacted]&x=1#id_token=[redacted]"),
        ("Link", '<https://a.test/?page=2&api_key=abc>; rel="next"', '<https://a.test/?page=2&api_key=[redacted]>; rel="next"'),
        ("X-Note", "see dev-anna-2", "see [redacted]"),
        ("WWW-Authenticate", 'Bearer realm="portal", error="invalid_token"', 'Bearer realm="portal", error="invalid_token"'),
        ("Access-Control-Allow-Headers", "authorization, x-api-key", "authorization, x-api-key"),
        ("X-Date", "2026-06-15T07:00:00Z", "2026-06-15T07:00:00Z"),
    ],
)  # fmt: skip
def test_headers(name: str, value: str, expected: str) -> None:
    assert HIDE.headers({name: value}) == {name: expected}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("a=1&confirmation_link_token=abc&b=2", "a=1&confirmation_link_token=[redacted]&b=2"),
        ("acc%65ss_tok%65n=abc", "acc%65ss_tok%65n=[redacted]"),
        ("code=abc&state=x", "code=[redacted]&state=x"),
        ("password=a;b,c&x", "password=[redacted]&x"),
        ("password=&x=1", "password=&x=1"),
        ("next=https%3A%2F%2Fa.test%3Ftoken%3Dabc", "next=https://a.test?token=[redacted]"),
        ("filter[access_token]=abc", "filter[access_token]=[redacted]"),
        ("q=dev%2Danna", "q=[redacted]"),
        ("zip_code=01067&q=a%20b", "zip_code=01067&q=a%20b"),
        ("", ""),
    ],
)
def test_queries(query: str, expected: str) -> None:
    assert HIDE.query(query) == expected


@pytest.mark.parametrize(
    ("path", "params", "expected"),
    [
        ("/reset/abc/now", {"token": "abc"}, "/reset/[redacted]/now"),
        ("/reset/a%20b", {"reset_token": "a b"}, "/reset/[redacted]"),
        ("/contract/abc", {"id": "abc"}, "/contract/abc"),
        ("/contract/dev-anna", {"id": "dev-anna"}, "/contract/[redacted]"),
        ("/token/revoke", {}, "/token/revoke"),
    ],
)
def test_paths(path: str, params: dict[str, str], expected: str) -> None:
    assert HIDE.path(path, params) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"password": "x", "name": "Anna"}, {"password": REDACTED, "name": "Anna"}),
        ({"password": ["x", 1, None]}, {"password": [REDACTED, REDACTED, None]}),
        ({"token": {"jwt": "x"}}, {"token": REDACTED}),
        ({"otp": 123456, "is_otp": True}, {"otp": REDACTED, "is_otp": True}),
        ({"token": True, "secret": None, "password": ""}, {"token": True, "secret": None, "password": ""}),
        ([[{"nested": [{"client_secret": "x"}]}]], [[{"nested": [{"client_secret": REDACTED}]}]]),
        ({"timeouts": {"access_token": 3600}}, {"timeouts": {"access_token": 3600}}),
        ({"timeouts": {"access_token": "x"}}, {"timeouts": {"access_token": REDACTED}}),
        ({"code": "not_found", "message": "no"}, {"code": "not_found", "message": "no"}),
        ({"code": "c0de", "grant_type": "authorization_code"}, {"code": REDACTED, "grant_type": "authorization_code"}),
        ({"name": "X-Auth-Token", "value": "x"}, {"name": "X-Auth-Token", "value": REDACTED}),
        ({"type": "secret", "value": "x"}, {"type": "secret", "value": REDACTED}),
        ({"name": "city", "value": "x"}, {"name": "city", "value": "x"}),
        ({"path": "/otp", "message": "1234 is too short"}, {"path": "/otp", "message": "[redacted] is too short"}),
        ({"dev-anna": "dev-anna"}, {"[redacted]": REDACTED}),
        ({"token_endpoint": "https://a.test", "has_client_secret": True}, {"token_endpoint": "https://a.test", "has_client_secret": True}),
    ],
)  # fmt: skip
def test_bodies_of_json(body: Json, expected: Json) -> None:
    before = json.dumps(body)

    assert HIDE.body(before.encode()) == expected
    assert json.dumps(body) == before


@pytest.mark.parametrize(
    ("body", "media_type", "expected"),
    [
        (b'{"password":"x', "", '{"password":"[redacted]'),
        (b'{"tokens":["a","b"],"n":1', "", '{"tokens":"[redacted]","n":1'),
        (b'{"pass\\u0077ord": "x", "n": 1', "", '{"pass\\u0077ord": "[redacted]", "n": 1'),
        (b'{"grant_type": "authorization_code", "code": "x"', "", '{"grant_type": "authorization_code", "code": "[redacted]"'),
        (b'{"code": "not_found"', "", '{"code": "not_found"'),
        (b"password=a;b&code=c&n=1", "", "password=[redacted]&code=[redacted]&n=1"),
        (b"code=404 was answered", "text/plain", "code=404 was answered"),
        (b'--b\r\nContent-Disposition: form-data; name="otp"\r\n\r\n1\r\n2\r\n--b--', "", '--b\r\nContent-Disposition: form-data; name="otp"\r\n\r\n[redacted]\r\n--b--'),
        (b"X-Auth-Token: a b\r\nn: 1", "", "X-Auth-Token: [redacted]\r\nn: 1"),
        (b"user: anna\npassword: geheim wort\n", "text/yaml", "user: anna\npassword: [redacted]\n"),
        (b"<password>x</password><n>1</n>", "", "<password>[redacted]</password><n>1</n>"),
        (b"\xff\xfe", "", "\ufffd\ufffd"),
        (b"", "", None),
        (b"null", "", None),
    ],
)  # fmt: skip
def test_other_bodies(body: bytes, media_type: str, expected: Json) -> None:
    assert HIDE.body(body, media_type) == expected


def test_words_are_tokens_only_if_the_server_says_so() -> None:
    hide = Redaction(is_token={"minted-4711"}.__contains__)

    assert hide.text("see minted-4711. And minted-47110!") == "see [redacted]. And minted-47110!"


def test_value_that_a_message_repeats_is_hidden_in_quotes_or_if_it_is_no_word() -> None:
    hide = redaction(told_literals(["portal", "s3cr3t-value"]))

    assert hide.text("'portal' is no portal, s3cr3t-value") == "[redacted] is no portal, [redacted]"


@pytest.mark.parametrize("before", range(1_900, 2_001, 9))
def test_secret_at_the_cut_shows_no_part_of_itself(before: int) -> None:
    jwt = f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJh{'bm5h' * 4_000}.c2lnbmF0dXJl"
    for secret in ("dev-anna", jwt, f"&token={'x' * 20_000}", f'"token": "{"y" * 20_000}'):
        shown = HIDE.body(b"-" * before + b" " + secret.encode() + b" " + b"-" * 20_000)

        assert len(shown) <= 2_000
        assert [part for part in ("dev-", "eyJ", "xx", "yy") if part in shown] == []


def test_end_of_a_large_body_is_not_shown_however_much_of_it_is_hidden() -> None:
    body = f"token={'x' * 9_900}&eyJhbGciOiJIUzI1NiJ9.eyJ".encode() + b"z" * 20_000

    shown = HIDE.body(body)

    assert "eyJ" not in shown
    assert "z" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "eyJ", "eyJa.", '"', "\\", '\\"', "a", "%", "%41", "a%zz", "a=", "token=", '"token":', '"token":"', '"token":[',
        "<a", "<token>", " ", "a ", "bearer ", "basic a", "://a:", "x-a: ", "-----BEGIN PRIVATE KEY-----", "/token: '",
        "/token: [", "a.", "'a", "&", "--a\n",
    ],
)  # fmt: skip
def test_time_grows_no_faster_than_the_text(text: str) -> None:
    def seconds(size: int) -> float:
        begun = time.process_time()
        HIDE.form(text * (size // len(text)))
        return time.process_time() - begun

    small = max(seconds(20_000), seconds(20_000), 0.005)

    assert seconds(200_000) < 40 * small


def test_large_body_is_cut_before_it_is_looked_at() -> None:
    for body in (b'{"a":"' + b"a=" * (5 * MEGABYTE) + b'"}', b"[" * (10 * MEGABYTE)):
        begun = time.process_time()
        shown = HIDE.body(body)

        assert time.process_time() - begun < 1
        assert len(shown) == 2_000


NAME = st.sampled_from(["password", "X-Auth-Token", "api_key", "acc%65ss_token", "otp", "sessionToken"])
QUOTE = st.sampled_from(["", '"', "'", '\\"'])
SIGN = st.sampled_from([":", "=", " : ", "=>", ": "])


@settings(deadline=None)
@given(st.text(max_size=80), NAME, QUOTE, SIGN)
def test_hiding_twice_changes_nothing(rest: str, name: str, quote: str, sign: str) -> None:
    once = HIDE.text(f"{quote}{name}{quote}{sign}{quote}x{rest}")

    assert HIDE.text(once) == once


@settings(deadline=None)
@given(
    st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10),
    NAME,
)
def test_nothing_under_the_name_of_a_secret_survives(around: Json, name: str) -> None:
    for value in ("canary", ["canary"], {"canary": around}, [[{"x": "canary"}]]):
        assert "canary" not in json.dumps(HIDE.json({"a": [around, {name: value}]}))
