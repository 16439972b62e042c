"""Recordings of browsers and proxies as steps: what is used, as whom, and why the rest is not."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from mockportal.engine.signing import sign
from mockportal.files.text import UnusableFile
from mockportal.mock import Mock
from mockportal.recordings.har_callers import people_of
from mockportal.recordings.har_file import har_entries
from mockportal.recordings.har_steps import Step, steps_of
from mockportal.spec.spec import Spec

API = "https://api.example.test"
USER = "/v2/portal/user"
PRIVATE = "Planted/Geheimnis+1"
JSON = {"content-type": "application/json"}


def entry(method: str = "GET", url: str = API + USER, status: int = 200, **more: Any) -> Any:
    """An entry of an archive, with `headers`, `body` and the `answer` as a text."""
    headers = [{"name": name, "value": value} for name, value in more.get("headers", {}).items()]
    request: dict[str, Any] = {"method": method, "url": url, "headers": headers, "cookies": []}
    if "body" in more:
        request["postData"] = {"mimeType": more.get("type", "application/json"), "text": more["body"]}
    answer = {"status": status, "content": {"mimeType": more.get("media", "application/json")}}
    if "answer" in more:
        answer["content"]["text"] = more["answer"]  # type: ignore[index]
    return {"request": request, "response": answer}


class Imports:
    """Archives made of entries, and imported."""

    def __init__(self, folder: Path, mock: Mock, spec: Spec) -> None:
        self.path, self.mock, self.spec = folder / "session.har", mock, spec

    def steps(self, *entries: Any) -> tuple[list[Step], list[str]]:
        """The steps, and the reasons of what is not used."""
        self.path.write_text(json.dumps({"log": {"entries": entries}}), "utf-8")
        people = people_of(self.mock.scenario(None), self.mock.api)
        steps, unused = steps_of(har_entries(self.path), self.spec, people)
        return steps, [reason for _, reason in unused]


@pytest.fixture
def imports(tmp_path: Path, mock: Mock, spec: Spec) -> Imports:
    return Imports(tmp_path, mock, spec)


def test_request_becomes_a_step(imports: Imports) -> None:
    body = '{"first_name": "Änne"}'
    one = entry(
        "PATCH", f"{API}/v2/portal/contact?a=1", 200, headers=JSON, body=body, answer='{"data": {"x": 1}}'
    )

    steps, unused = imports.steps(one)

    assert unused == []
    assert [step.keys for step in steps] == [
        {
            "as": "nobody",
            "operation": "updateContact",
            "params": {"a": "1"},
            "send": {"first_name": "Änne"},
            "status": 200,
            "body": {"data": {"x": 1}},
        }
    ]
    assert steps[0].remarks == (f"1: PATCH {API}/v2/portal/contact?a=1",)


@pytest.mark.parametrize("base", ["", "/api", "/@demo", "/a/b/c"])
def test_operation_is_found_below_a_base_path(imports: Imports, base: str) -> None:
    steps, _ = imports.steps(entry(url=f"{API}{base}/v2/portal/order/55410e09-7a35-504d-9f60-a343fba7f0c6"))

    assert steps[0].keys["operation"] == "getOrder"
    assert steps[0].keys["params"] == {"id": "55410e09-7a35-504d-9f60-a343fba7f0c6"}


def test_base_path_of_a_host_is_the_one_with_most_calls(imports: Imports) -> None:
    urls = [f"{API}/api{USER}", f"{API}/other{USER}", f"{API}/api{USER}"]

    steps, unused = imports.steps(*(entry(url=url) for url in urls))

    assert len(steps) == 2
    assert unused == ["there is no such path below /api"]


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (entry("OPTIONS"), "it is a preflight"),
        (entry("HEAD"), "a step cannot be a HEAD"),
        (entry("DELETE", f"{API}/v2/portal/contact"), "its path takes GET, HEAD, OPTIONS, PATCH, not DELETE"),
        (entry(url=f"{API}/v2/portal/nothing"), "there is no such path"),
        (entry(url=f"{API}/assets/app.js?v=1"), "it is a static file"),
        (entry(url=f"{API}/", media="text/html; charset=utf-8"), "it is a static file"),
        (entry(url="https://fonts.example.test/x"), "fonts.example.test is another host"),
        (entry(url="data:text/plain,x"), "it is not an HTTP request"),
        (entry(url="wss://api.example.test/v2/portal/user", status=101), "it is not an HTTP request"),
        (entry(url="https://[x/"), "its url cannot be read: Invalid IPv6 URL"),
        (entry(url=f"{API}/__mockportal/worlds"), "it is a request to the control API"),
        (entry(url=f"{API}/__services/mail"), "it is a request to a service beside the API"),
        (entry(status=0), "it has no answer"),
        (entry(status=304), "it was answered from a cache (304)"),
        (entry(headers={"Prefer": "code=404"}), "it asked for its answer by the header Prefer"),
        (entry("PATCH", f"{API}/v2/portal/contact", headers=JSON, body='{"a"'), "its body is not JSON"),
        (
            entry("PATCH", f"{API}/v2/portal/contact", headers={"content-type": "text/plain"}, body="x"),
            "a step cannot send a body of text/plain",
        ),
        ({"request": {"method": 5}}, "it is no entry of an archive: it has no request with method and url"),
        (5, "it is no entry of an archive: it has no request with method and url"),
    ],
)
def test_entry_that_cannot_be_a_step_has_a_reason(imports: Imports, one: Any, reason: str) -> None:
    steps, unused = imports.steps(entry(), one)

    assert len(steps) == 1
    assert unused == [reason]


def jwt(**claims: str) -> str:
    """A token that somebody else has signed."""
    coded = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJIUzI1NiJ9.{coded}.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("token", "caller"),
    [
        ("dev-mehmet", "dev-mehmet"),
        (jwt(email="Anna.Berger@example.org"), "dev-anna"),
        (jwt(sub="1acf5d1f-054a-5363-a1d5-69e30381e672"), "dev-anna"),
        (jwt(email="nobody@example.org"), "nobody"),
        (sign({"email": "mehmet.yilmaz@example.org"}), "dev-mehmet"),
        ("opaque-word-of-theirs", "nobody"),
        ("a.b.c", "nobody"),
    ],
)
def test_token_becomes_that_of_the_person_it_names(imports: Imports, token: str, caller: str) -> None:
    steps, _ = imports.steps(entry(headers={"Authorization": f"Bearer {token}"}))

    assert steps[0].keys["as"] == caller
    doubt = "its token names nobody whom the scenario has a token for"
    assert steps[0].remarks[1:] == ((doubt,) if caller == "nobody" else ())
    assert token == caller or token not in repr(steps)


def test_secrets_are_not_taken_over(imports: Imports) -> None:
    body = json.dumps({"first_name": "Eva", "password": PRIVATE})
    answer = json.dumps(
        {"token": PRIVATE, "list": [{"secret": PRIVATE}], "kept": 1, "message": f"not '{PRIVATE}'"}
    )
    url = f"{API}/v2/portal/contact?access_token={PRIVATE}"
    one = entry("PATCH", url, headers={**JSON, "cookie": f"a={PRIVATE}"}, body=body, answer=answer)

    steps, _ = imports.steps(one)

    assert steps[0].keys["send"] == {"first_name": "Eva", "password": "[redacted]"}
    assert steps[0].keys["body"] == {"kept": 1}
    assert "a secret was left out, so that the step needs another value" in steps[0].remarks
    assert "Geheimnis" not in repr(steps)


def test_answer_that_is_no_json_is_not_compared(imports: Imports) -> None:
    steps, _ = imports.steps(entry(answer="<html>"), entry(answer=json.dumps("x" * 100_001)), entry())

    assert ["body" in step.keys for step in steps] == [False] * 3
    assert [step.remarks[-1] for step in steps[:2]] == [
        "the answer is not JSON, and is not compared",
        "the answer has 100003 bytes, and is not compared",
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is not JSON: "),
        (b"[1", "is not JSON: "),
        (b"[1]", "is not an HTTP Archive: there is no list at /log/entries"),
        (b'{"log": {"entries": {}}}', "is not an HTTP Archive: there is no list at /log/entries"),
        (b"\xff\xfe{\0", "is not UTF-8 but UTF-16; save it as UTF-8"),
    ],
)
def test_file_that_is_no_archive_is_told_in_one_line(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "x.har"
    path.write_bytes(content)

    with pytest.raises(UnusableFile) as told:
        har_entries(path)

    assert problem in str(told.value)
    assert len(str(told.value).splitlines()) == 1


def test_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "x.har"
    path.write_bytes(b'\xef\xbb\xbf{"log": {"entries": []}}')

    assert har_entries(path) == []
