"""No text of a request can leave its place in a program: odd paths, headers and bodies arrive as they were."""

import runpy
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, unquote_to_bytes

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mockportal.engine.call import Exchange, Reply, Request
from mockportal.engine.world import World
from mockportal.mock import Mock
from mockportal.programs.kinds import code_of
from mockportal.redaction import redaction
from tests.support.programs import Answered, require_node, run_curl
from tests.support.servers import Answer, Recorder, recording

_OURS = ("x-", "content-type")
SHARP = "'\"`$(){}[]\\;|&<>!%~*^,:=@+ \t"
RAW = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in "#?")
WORDS = st.sampled_from(
    ["$(touch owned)", "`touch owned`", "';touch owned;'", '";touch owned;"', "{{7*7}}", "${HOME}", "\\\\'", "%00", "END", "BODY"]
)  # fmt: skip
TARGETS = st.lists(st.text(RAW, max_size=8) | WORDS.map(lambda word: word.replace(" ", "%20")), max_size=4)
HEADER = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_categories=["Cc"]), max_size=12
)
HEADERS = st.dictionaries(
    st.from_regex("x-[a-z!#$%&'*+.^_`|~-]{1,6}", fullmatch=True), HEADER | WORDS, max_size=3
)
TEXTS = st.lists(st.text(max_size=10) | st.text(SHARP, max_size=10) | WORDS, max_size=5).map("".join)
BODIES = st.binary(max_size=40) | TEXTS.map(lambda text: text.encode("utf-8", "replace"))
METHODS = st.sampled_from(["POST", "PUT", "PATCH", "DELETE"])


@st.composite
def requests(draw: st.DrawFn) -> Request:
    path = "/p" + "/".join(draw(TARGETS))
    query = "&".join(draw(TARGETS))
    headers = {name: value.strip() for name, value in draw(HEADERS).items()}
    body = draw(BODIES)
    if body:
        headers["content-type"] = draw(st.sampled_from(["application/json", "text/plain", "image/png"]))
    return Request(draw(METHODS), path, query, headers, body)


def code(kind: str, request: Request, mock: Mock, port: int) -> str:
    """The program for a request to a server on this port. What looks like a secret is none of its business."""
    world = World("main", mock.scenario(None))
    exchange = Exchange(1, "", "", request, Reply(200), b"fine", world.state, world.state)
    server = f"http://127.0.0.1:{port}"
    made = code_of(kind, exchange, world, mock.api, server, redaction(()))
    assume(not made["variables"])
    return str(made["code"])


class Arrived:
    """A server that keeps what came, and answers `fine`."""

    def __init__(self, recorder: Recorder, bodies: list[bytes]) -> None:
        self.port, self._recorder, self._bodies = recorder.port, recorder, bodies

    def all(self) -> list[tuple[str, str, dict[str, str], bytes]]:
        """Method, target, our own headers and body of each request."""
        return [
            (method, target, {name: value for name, value in headers.items() if name.startswith(_OURS)}, body)
            for (method, target, headers), body in zip(self._recorder.requests, self._bodies, strict=True)
        ]

    def last(self) -> tuple[str, str, dict[str, str], bytes]:
        """The newest one."""
        return self.all()[-1]

    def clear(self) -> None:
        self._recorder.requests.clear()
        self._bodies.clear()


@pytest.fixture(scope="module")
def arrived() -> Iterator[Arrived]:
    bodies: list[bytes] = []

    def answer(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        bodies.append(body)
        return 200, {"Content-Type": "text/plain"}, b"fine"

    with recording(answer) as recorder:
        yield Arrived(recorder, bodies)


def sent(request: Request) -> tuple[str, str, dict[str, str], bytes]:
    target = f"/@main{request.path}" + (f"?{request.query}" if request.query else "")
    return request.method, target, dict(request.headers), request.body


@settings(max_examples=25, deadline=None)
@given(request=requests())
def test_curl_sends_what_was_sent(mock: Mock, arrived: Arrived, request: Request) -> None:
    text = code("curl", request, mock, arrived.port)

    with TemporaryDirectory() as name:
        folder = Path(name)
        answer = run_curl(text, folder, {})
        checked = subprocess.run(["bash", "-n", "program.sh"], cwd=folder, check=False, capture_output=True)
        left = {path.name for path in folder.iterdir()}

    assert (checked.returncode, checked.stderr) == (0, b"")
    assert answer == Answered(200, b"fine")
    assert arrived.last() == sent(request)
    assert left == {".curlrc", "program.sh"}


@pytest.mark.parametrize("kind", ["httpx", "pytest"])
@settings(max_examples=60, deadline=None)
@given(request=requests())
def test_python_sends_what_was_sent(mock: Mock, arrived: Arrived, kind: str, request: Request) -> None:
    text = code(kind, request, mock, arrived.port)

    with TemporaryDirectory() as folder:
        path = Path(folder) / "program.py"
        path.write_text(text, "utf-8")
        names = runpy.run_path(str(path))
    if kind == "pytest":
        names["test_entry_1"]()

    assert arrived.last() == sent(request)


@settings(max_examples=2, deadline=None)
@given(batch=st.lists(requests(), min_size=20, max_size=20))
def test_fetch_sends_what_was_sent(mock: Mock, arrived: Arrived, batch: list[Request]) -> None:
    """Many modules at once, since Node takes its time to start. It percent-encodes what no URL may hold."""
    require_node()
    arrived.clear()
    texts = [code("fetch", request, mock, arrived.port) for request in batch if is_sendable(request)]

    with TemporaryDirectory() as name:
        folder = Path(name)
        for number, text in enumerate(texts):
            (folder / f"p{number}.mjs").write_text(text, "utf-8")
        (folder / "all.mjs").write_text(
            "".join(f'await import("./p{at}.mjs");\n' for at in range(len(texts)))
        )
        done = subprocess.run(["node", "all.mjs"], cwd=folder, check=False, capture_output=True)
        left = [path.name for path in folder.iterdir() if path.suffix != ".mjs"]

    assert (done.returncode, done.stderr) == (0, b"")
    assert left == []
    assert [unquoted(one) for one in arrived.all()] == [
        unquoted(sent(one)) for one in batch if is_sendable(one)
    ]


def is_sendable(request: Request) -> bool:
    """False for a path that JavaScript tidies up."""
    tidied = any(unquote(step) in (".", "..") for step in request.path.split("/"))
    return not tidied and "\\" not in request.path


def unquoted(one: tuple[str, str, dict[str, str], bytes]) -> tuple[str, bytes, dict[str, str], bytes]:
    method, target, headers, body = one
    return method, unquote_to_bytes(target), headers, body
