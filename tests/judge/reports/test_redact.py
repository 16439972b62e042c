import base64
import json
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockportal.judge.model import Received, Sent
from mockportal.judge.reports.forms import forms, residues
from mockportal.judge.reports.redact import HIDDEN, Redactor
from mockportal.values import Json
from tests.support.reports import JWT, TOKEN, VARIABLE

REDACTOR = Redactor([TOKEN])
ODD = 'pa"ss<w>ö&rd+/='


def answer(value: Json, *headers: tuple[str, str]) -> Received:
    return Received(200, headers, json.dumps(value).encode())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"token {TOKEN} here", "token [redacted] here"),
        (f"/x?next={quote(TOKEN, safe='')}&a=1", "/x?next=[redacted]&a=1"),
        (f"<{quote_plus(TOKEN)}>", "<[redacted]>"),
        (f"a {JWT} b", "a [redacted] b"),
        (f"'{JWT[:-10]}'", "'[redacted]'"),
        ("Authorization: Bearer abc", "Authorization: Bearer [redacted]"),
        ("{'authorization': 'Basic YTpi'}", "{'authorization': '[redacted]'}"),
        ("sent Bearer 0123456789abcdefghij", "sent Bearer [redacted]"),
        ("Bearer token required", "Bearer token required"),
        (f"Authorization: Bearer {VARIABLE}", f"Authorization: Bearer {VARIABLE}"),
        (f'{{"authorization": "Bearer {VARIABLE}"}}', f'{{"authorization": "Bearer {VARIABLE}"}}'),
        ('{"access_token": "abc", "x": 1', '{"access_token": "[redacted]", "x": 1'),
        ('{"password": "a\\"b", "x": 1', '{"password": "[redacted]", "x": 1'),
        ('"{\\"client_secret\\": \\"abc\\", \\"x\\": 1}"', '"{\\"client_secret\\": \\"[redacted]\\", \\"x\\": 1}"'),
        ("{'login_as_token': 'abc'} is not valid", "{'login_as_token': '[redacted]'} is not valid"),
        ("/login?token=abc&x=1", "/login?token=[redacted]&x=1"),
        ("grant_type=code&refresh_token=abc", "grant_type=code&refresh_token=[redacted]"),
        ("x=1; token_type=Bearer; has_client_secret=true", "x=1; token_type=Bearer; has_client_secret=true"),
        ("X-Auth-Token: abc", "X-Auth-Token: [redacted]"),
        ('{"tokens": ["abc", "def"], "x": 1', '{"tokens": "[redacted]", "x": 1'),
        ("body /password: 'abc' is too short", "body /password: [redacted] is too short"),
        ('{"password_policy": "strong", "token": null}', '{"password_policy": "strong", "token": null}'),
        ("/paths/~1v2~1token/post: 'token' is a required property", "/paths/~1v2~1token/post: 'token' is a required property"),
    ],
)  # fmt: skip
def test_texts(text: str, expected: str) -> None:
    assert REDACTOR.text(text) == expected


@pytest.mark.parametrize(
    "name",
    [
        "access_token", "id_token", "refresh_token", "login_as_token", "token", "Token", "password", "newPassword",
        "client_secret", "secret", "api_key", "apiKey", "x-api-key", "authorization", "Authorization", "cookie",
        "confirmation_link_token", "accessToken", "test_auth_password", "passwords",
    ],
)  # fmt: skip
def test_text_under_a_name_for_secrets_is_hidden(name: str) -> None:
    assert REDACTOR.json({"a": [{name: "x"}]}) == {"a": [{name: HIDDEN}]}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("has_client_secret", True),
        ("has_client_secret", "yes"),
        ("password_policy", {"minimum": 8, "text": "at least 8"}),
        ("token", None),
        ("token", True),
        ("password", ""),
        ("token_type", "Bearer"),
        ("token_endpoint", "https://example.org/token"),
        ("forgotPassword", "page-7"),
        ("passwordless_login", {"enabled": True}),
        ("postal_code", "12345"),
    ],
)
def test_policies_and_what_is_no_text_stay(name: str, value: Json) -> None:
    assert REDACTOR.json({name: value}) == {name: value}


@pytest.mark.parametrize(
    ("value", "shown"), [(["a", "b", 1], [HIDDEN, HIDDEN, HIDDEN]), ({"jwt": "x"}, HIDDEN), (4711, HIDDEN)]
)
def test_secret_of_any_type_is_hidden(value: Json, shown: Json) -> None:
    assert REDACTOR.json({"tokens": value}) == {"tokens": shown}


def test_report_hides_the_same_names_as_the_journal() -> None:
    assert REDACTOR.json({"otp": "x", "sessionToken": "x", "privateKey": "x", "passphrase": "x"}) == {
        "otp": HIDDEN, "sessionToken": HIDDEN, "privateKey": HIDDEN, "passphrase": HIDDEN
    }  # fmt: skip


def test_lifetimes_of_tokens_keep_the_bytes_of_a_body() -> None:
    body = b'{"timeouts": {"access_token": 3600, "refresh_token": 2592000}}'

    assert REDACTOR.data(body) == body


def test_what_an_answer_hands_out_is_hidden_from_then_on() -> None:
    redactor = Redactor([])

    for _ in range(2):
        redactor.learn(
            answer({"data": {"refresh_token": "minted-4711", "password_policy": "strict-policy-1"}})
        )

    assert redactor.text("GET /x/minted-4711 strict-policy-1") == "GET /x/[redacted] strict-policy-1"
    assert redactor.secrets == ("minted-4711",)


def test_cookie_that_an_answer_sets_is_hidden_from_then_on() -> None:
    redactor = Redactor([])

    redactor.learn(Received(204, (("set-cookie", "session=abc123def; Path=/; HttpOnly"),)))

    assert redactor.text("abc123def") == HIDDEN


@pytest.mark.parametrize(
    "value", ["string", "password", "client_secret", "two words 12345", "1234567", JWT, 12345678]
)
def test_what_could_be_a_word_is_not_learned(value: Json) -> None:
    redactor = Redactor([])

    redactor.learn(answer({"token": value}))
    redactor.learn(None)
    redactor.learn(Received(200, (), b"token: not JSON"))

    assert redactor.secrets == ()


def test_short_secret_is_hidden_in_its_place_alone() -> None:
    redactor = Redactor(["abc"])

    assert redactor.text("abc Authorization: Bearer abc") == "abc Authorization: Bearer [redacted]"


def test_secret_that_is_part_of_another_leaves_no_rest() -> None:
    assert Redactor(["dev-anna", "dev-anna-2"]).text("dev-anna-2, dev-anna") == "[redacted], [redacted]"


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b'{ "a" : 1.0 }', b"\xff\x00\xfe", b"[1,", "ä".encode(), b'{"n": 12345678901234567890123}'],
)
def test_body_without_secrets_keeps_its_bytes(body: bytes) -> None:
    assert REDACTOR.data(body) == body


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            b'{ "token": "x", "n": 12345678901234567890123 }',
            b'{"token":"[redacted]","n":12345678901234567890123}',
        ),
        (b'{"token": "x"', b'{"token": "[redacted]"'),
        (b"\xff" + TOKEN.encode() + b"\xfe", b"\xff[redacted]\xfe"),
        (b'{"token": "first", "token": null}', b'{"token": "[redacted]", "token": null}'),
        (b"\xffeyJhbGciOiJI.eyJzdWIiOiJ.c2ln", b"\xff[redacted]"),
        (json.dumps({TOKEN: 1}).encode(), b'{"[redacted]":"[redacted]"}'),  # its last word is `secret`
        (b"a=1&client%5Fsecret=x", b"a=1&client%5Fsecret=[redacted]"),
    ],
)
def test_bodies(body: bytes, expected: bytes) -> None:
    assert REDACTOR.data(body) == expected


def test_headers_keep_variables_and_the_scheme() -> None:
    hidden = REDACTOR.headers(
        [
            ("Authorization", f"Bearer {VARIABLE}"),
            ("authorization", "Basic YTpi"),
            ("authorization", "raw"),
            ("cookie", "a=b"),
            ("set-cookie", "a=b; Path=/"),
            ("x-api-key", "k"),
            ("location", f"/next?token=abc&x={TOKEN}"),
            ("accept", "*/*"),
        ]
    )

    assert hidden == (
        ("Authorization", f"Bearer {VARIABLE}"),
        ("authorization", "Basic [redacted]"),
        ("authorization", HIDDEN),
        ("cookie", HIDDEN),
        ("set-cookie", HIDDEN),
        ("x-api-key", HIDDEN),
        ("location", "/next?token=[redacted]&x=[redacted]"),
        ("accept", "*/*"),
    )


def test_request_is_hidden_in_every_part() -> None:
    sent = Sent("op", "POST", f"/a/{JWT}?password=x", {"cookie": "a=b"}, b'{"secret":"x"}')

    assert REDACTOR.sent(sent) == Sent(
        "op", "POST", "/a/[redacted]?password=[redacted]", {"cookie": HIDDEN}, b'{"secret":"[redacted]"}'
    )


SECRETS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x17F), min_size=8, max_size=30).filter(
    lambda text: text not in HIDDEN
)


@settings(deadline=None)
@given(secret=SECRETS, before=st.text(max_size=10), after=st.text(max_size=10))
def test_no_form_of_a_secret_survives(secret: str, before: str, after: str) -> None:
    redactor = Redactor([secret])
    coded = [base64.b64encode((before + secret + after).encode(errors="ignore")).decode()]
    written = [secret, quote(secret, safe=""), json.dumps(secret), *coded]

    text = redactor.text("\n".join(written))

    assert [form for form in forms(secret) if form in text and form not in HIDDEN] == []
    assert redactor.text(text) == text


@settings(deadline=None)
@given(st.text(max_size=60))
def test_hiding_twice_changes_nothing(text: str) -> None:
    once = REDACTOR.text(text)

    assert REDACTOR.text(once) == once


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (ODD, "a secret, as it is"),
        (quote(ODD), "a secret, URL-encoded"),
        (quote(ODD, safe="").lower(), "a secret, URL-encoded"),
        (json.dumps(ODD), "a secret, JSON-escaped"),
        (json.dumps(ODD, ensure_ascii=False), "a secret, JSON-escaped"),
        (ODD.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"), "a secret, HTML-escaped"),
        (base64.b64encode(ODD.encode()).decode(), "a secret, base64-encoded"),
        (base64.b64encode(b"x" + ODD.encode() + b"yz").decode(), "a secret, base64-encoded"),
        (base64.urlsafe_b64encode(b"xy" + ODD.encode()).decode(), "a secret, base64-encoded"),
        (JWT, "a JWT"),
    ],
)
def test_residue_is_found_with_file_and_line_but_not_shown(
    tmp_path: Path, written: str, expected: str
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_text(f"one\ntwo {written} three\n", "utf-8")
    (tmp_path / "b.bin").write_bytes(b"\xff\x00clean")

    assert residues(tmp_path, [ODD, "short"]) == [f"sub/a.txt:2: {expected}"]


def test_every_place_of_a_secret_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(f"{TOKEN}\nx\n{TOKEN} {TOKEN} {JWT}")

    found = residues(tmp_path, [TOKEN])

    assert found == ["a:1: a secret, as it is", "a:3: a JWT", "a:3: a secret, as it is"]


def test_clean_folder_has_no_residue(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("short eyJ.x.y [redacted]")

    assert residues(tmp_path, [TOKEN, "short", ""]) == []
