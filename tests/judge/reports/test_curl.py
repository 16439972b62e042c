"""Commands are run by bash with a `curl` that only writes down what it was asked to do."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mockportal.judge.model import Interaction, Sent
from mockportal.judge.reports.curl import curl, sequence

BASE = "http://127.0.0.1:8080"
TOKEN = "t'o\"k $en`!\\"
STUB = """#!/bin/bash
printf '%s\\0' "$@" > "$CURL_WORDS"
cat > "$CURL_STDIN"
"""
FLAGS_WITH_VALUE = {"-X", "-H", "-m", "--data-raw", "--data-binary", "--request-target"}


@dataclass(frozen=True)
class Asked:
    """What curl would have sent."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    flags: frozenset[str]


Shell = Callable[[str], Asked]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Runs a command in bash."""
    folder = tmp_path_factory.mktemp("curl")
    stub = folder / "curl"
    stub.write_text(STUB)
    stub.chmod(0o755)
    script, words, stdin = folder / "command", folder / "words", folder / "stdin"
    settings = {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "MOCKPORTAL_TOKEN_PORTALAUTH": TOKEN,
        "CURL_WORDS": str(words),
        "CURL_STDIN": str(stdin),
    }

    def run(command: str) -> Asked:
        script.write_text(command, "utf-8", newline="")
        subprocess.run(["bash", script], env=settings, stdin=subprocess.DEVNULL, check=True, timeout=30)
        return interpret(words.read_bytes().split(b"\0")[:-1], stdin.read_bytes())

    return run


def interpret(words: list[bytes], stdin: bytes) -> Asked:
    """The rules of curl's own manual, as far as commands use them."""
    method, url, body, headers, flags = "", "", b"", {}, set()
    rest = iter(words)
    for word in rest:
        name = word.decode("latin-1")
        value = next(rest) if name in FLAGS_WITH_VALUE else b""
        if name == "-X":
            method = value.decode()
        elif name == "-H":
            key, found, text = value.decode("latin-1").partition(":")
            headers[key.rstrip(";")] = text.strip(" ")
            assert found or key.endswith(";")
        elif name == "--data-raw":
            body = value
        elif name == "--data-binary":
            assert value == b"@-"
            body = stdin
        elif name.startswith("-"):
            flags.add(name + (" " + value.decode() if value else ""))
        else:
            url = word.decode()
    return Asked(method or ("HEAD" if "-sSI" in flags else "GET"), url, headers, body, frozenset(flags))


def sent(method: str = "GET", target: str = "/x", body: bytes = b"", **headers: str) -> Interaction:
    return Interaction(Sent("op", method, target, headers, body), None)


VISIBLE = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=12)
LATIN = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_categories=["Cc"]), max_size=12
).map(lambda text: text.strip())
BODY = st.one_of(st.binary(max_size=30), st.text(max_size=30).map(lambda text: text.encode(errors="ignore")))


@settings(max_examples=60, deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD", "QUERY"]),
    target=VISIBLE.filter(lambda text: "#" not in text),
    header=LATIN,
    body=BODY,
)
@example("POST", "v2?q='\"`$HOME`!!&x=%20", "a'b\"c`d$e!f\\g", b"'\"`$HOME` !! \\n \n\n @x")
@example("POST", "", "\xe9 \xa0 \xff", "Zähler ☃\n".encode())
@example("PUT", "", "", b"@/etc/passwd")
@example("PATCH", "", "x", b"\x00\xff\r\n")
def test_shell_hands_curl_the_request_byte_by_byte(
    shell: Shell, method: str, target: str, header: str, body: bytes
) -> None:
    given_headers = {"content-type": "application/json", "x-odd": header}

    asked = shell(curl(Interaction(Sent("op", method, "/" + target, given_headers, body), None), BASE))

    assert asked.method == method
    assert asked.url == f"{BASE}/{target}"
    assert given_headers.items() <= asked.headers.items()
    assert asked.headers.keys() - given_headers.keys() <= {"content-length"}
    assert asked.body == body


@settings(max_examples=30, deadline=None)
@given(before=LATIN, after=LATIN.filter(lambda text: not text[:1].isalnum() and text[:1] != "_"))
@example("Bearer ", "")
@example("a'b\"c`d$e!f\\g\xe9$HOME", " a'b\"c`d$e!f\\g\xe9$(date)")
def test_only_the_variable_of_a_token_is_expanded(shell: Shell, before: str, after: str) -> None:
    exchange = sent(authorization=f"{before}$MOCKPORTAL_TOKEN_PORTALAUTH{after}")

    asked = shell(curl(exchange, BASE))

    assert asked.headers["authorization"] == f"{before}{TOKEN}{after}".strip(" ")


def test_command_reads_well() -> None:
    exchange = Interaction(
        Sent(
            "createPage",
            "POST",
            "/v2/portal/pages?domain=a%20b",
            {"authorization": "Bearer $MOCKPORTAL_TOKEN_PORTALAUTH", "content-type": "application/json"},
            b'{"slug": "home"}',
        ),
        None,
    )

    assert curl(exchange, "https://portal.example.org/") == (
        "curl -sSi -X POST 'https://portal.example.org/v2/portal/pages?domain=a%20b'"
        ' -H "authorization: Bearer $MOCKPORTAL_TOKEN_PORTALAUTH"'
        " -H 'content-type: application/json' --data-raw '{\"slug\": \"home\"}'"
    )


def test_what_cannot_be_seen_comes_out_of_base64() -> None:
    command = curl(sent("POST", "/x", b"\xff\x00", **{"content-type": "image/png"}), BASE)

    assert command.startswith("printf %s /wA= | base64 -d | curl -sSi -X POST ")
    assert command.endswith(" --data-binary @-")


def test_long_body_does_not_become_a_word_of_the_shell(shell: Shell) -> None:
    body = b"x" * 200_000

    assert shell(curl(sent("POST", body=body), BASE)).body == body


@pytest.mark.parametrize(
    ("exchange", "flags"),
    [
        (sent("GET", "/x?a[]=1"), {"-sSi", "-g"}),
        (sent("GET", "/x?a={b}"), {"-sSi", "-g"}),
        (sent("GET", "/a/../b"), {"-sSi", "--path-as-is"}),
        (sent("GET", "/a/%2E%2e/b"), {"-sSi", "--path-as-is"}),
        (sent("GET", "/a?x=/../b"), {"-sSi"}),
        (sent("HEAD"), {"-sSI"}),
        (sent("HEAD", body=b"x"), {"-sSi", "-m 10"}),
    ],
)
def test_curl_is_kept_from_its_own_ideas(shell: Shell, exchange: Interaction, flags: set[str]) -> None:
    assert shell(curl(exchange, BASE)).flags == flags


@pytest.mark.parametrize(
    ("target", "base", "words"),
    [
        ("/a#b", BASE + "/api", f"--request-target '/api/a#b' {BASE}/api/"),
        ("*", BASE, f"--request-target '*' {BASE}/"),
        ("/ä b", BASE, f"{BASE}/%C3%A4%20b"),
        ("/b", BASE + "/api/", f"{BASE}/api/b"),
    ],
)
def test_odd_targets_arrive_as_they_are(target: str, base: str, words: str) -> None:
    assert curl(sent("GET", target), base) == f"curl -sSi {words}"


def test_curl_adds_no_content_type_of_its_own() -> None:
    assert "-H content-type: --data-raw x" in curl(sent("POST", body=b"x"), BASE)


def test_what_is_different_in_every_run_is_left_out() -> None:
    headers = {"Accept": "*/*", "X-Schemathesis-TestCaseId": "5cKTm7", "x-other": "*/*"}
    exchange = Interaction(Sent("op", "GET", "/x", headers), None)

    assert curl(exchange, BASE) == f"curl -sSi {BASE}/x -H 'x-other: */*'"


def test_length_of_nothing_is_said_where_clients_say_it() -> None:
    assert curl(sent("POST"), BASE).endswith(" -H 'content-length: 0'")
    assert curl(sent("DELETE"), BASE).endswith("/x")


def test_empty_header_is_sent_empty(shell: Shell) -> None:
    assert shell(curl(sent(accept=""), BASE)).headers == {"accept": ""}


def test_several_commands_are_numbered() -> None:
    assert sequence(["curl a", "curl b"], ["createPage", "getPage"]) == (
        "# 1 of 2 createPage\ncurl a\n# 2 of 2 getPage\ncurl b"
    )
    assert sequence(["curl a"], ["createPage"]) == "curl a"
    assert sequence([], []) == ""


def test_numbered_commands_run_one_after_another(tmp_path: Path) -> None:
    (tmp_path / "curl").write_text('#!/bin/bash\nprintf "%s\\n" "${@: -1}"\n')
    (tmp_path / "curl").chmod(0o755)
    both = sequence([curl(sent(target="/a"), BASE), curl(sent(target="/b"), BASE)], ["it's", "$(one)"])

    done = subprocess.run(
        ["bash", "-c", both],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == f"{BASE}/a\n{BASE}/b\n"
