"""What reads hostile input, and what must hold of it whatever the input is."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from mockportal.engine.call import Exchange, request_for
from mockportal.errors import MockportalError
from mockportal.files.shape import read_file
from mockportal.judge.deviations import load_deviations
from mockportal.judge.target.targets_schema import targets_schema
from mockportal.judge.target.write_permissions import load_write_permissions
from mockportal.mock import Mock, Setup, load_mock
from mockportal.spec.document import load_document
from mockportal.spec.overlay import load_overlay
from mockportal.spec.spec import compile_spec
from mockportal.state.scenario import scenario_findings
from mockportal.web.app import create_app
from mockportal.web.connection.protocol import HttpProtocol
from mockportal.web.connection.stopping import stoppable
from tests.support.asgi import GONE, play
from tests.support.cases import target, tokens_by_scheme

PATIENCE = 5.0  # seconds of the loop that nothing may take
TURNS = 40  # of the loop, in which a request without a delay is answered
CHECKS = ("response_schema_conformance", "not_a_server_error")
REFUSED_BUGS = (501, 503, 507)
CORPUS = Path(__file__).parent.parent.parent / "corpus"


class Broken(Exception):
    """An input has done what none may do."""


class Bench:
    """A mock with everything around it that reads. `folder` is where files are written that are read again."""

    def __init__(self, folder: Path) -> None:
        self.mock = load_mock(Setup())
        self.folder = folder
        self.loop = asyncio.new_event_loop()
        app = create_app(self.mock)
        app.state.end_streams()
        self.app = app.router
        self.config = uvicorn.Config(
            stoppable(self.app), ws="none", log_config=None, access_log=False, lifespan="off"
        )
        self.config.load()
        self.logged: list[str] = []

    def try_input(self, name: str, data: bytes) -> None:
        """Lets the target of this name read the input. Raises `Broken`."""
        self.logged.clear()
        began = time.thread_time()
        with self._listening():
            try:
                TARGETS[name](self, data)
            except (Broken, KeyboardInterrupt):
                raise
            except BaseException as error:
                raise Broken(f"{type(error).__name__}: {error}") from error
        if self.logged:
            raise Broken(self.logged[0])
        seconds = time.thread_time() - began
        if seconds > PATIENCE:
            raise Broken(f"it takes {seconds:.1f} s")

    def forget(self) -> None:
        """Starts with new worlds."""
        for world in [*self.mock]:
            self.mock.worlds.remove(world.name)

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Notes everything that would be a warning, or worse, on the terminal."""
        handler = logging.Handler(logging.WARNING)
        handler.emit = lambda record: self.logged.append(record.getMessage())  # type: ignore[method-assign]
        root = logging.getLogger()
        root.addHandler(handler)
        try:
            yield
        finally:
            root.removeHandler(handler)


class Wire:
    """A connection that notes what is written to it."""

    def __init__(self) -> None:
        self.written = b""
        self.is_closed = False

    def write(self, data: bytes) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.is_closed = True

    abort = write_eof = close

    def get_extra_info(self, *_: object) -> None:
        return None

    def pause_reading(self) -> None:
        pass

    resume_reading = pause_reading


def connection(bench: Bench, data: bytes) -> None:
    """Bytes on a connection, in two pieces, until the client goes."""

    async def talk() -> bytes:
        wire, state = Wire(), ServerState()
        protocol = HttpProtocol(bench.config, state, {}, asyncio.get_running_loop())
        protocol.connection_made(wire)  # type: ignore[arg-type]
        half = len(data) // 3
        for piece in (data[:half], data[half:]):
            if piece and not wire.is_closed:
                protocol.data_received(piece)
            await turns(state)
        protocol.connection_lost(None)
        await turns(state)
        for task in [*state.tasks]:  # waits for what a request may ask for, such as a delay
            task.cancel()
        await turns(state)
        return wire.written

    written = bench.loop.run_until_complete(talk())
    for answer in written.split(b"HTTP/1.1 ")[1:]:
        if answer.startswith(b"500") and b"answered-by: prefer" not in answer.partition(b"\r\n\r\n")[0]:
            raise Broken(answer[-300:].decode("latin-1"))


async def turns(state: ServerState) -> None:
    """Lets the loop turn until no request is under way, but not for ever."""
    for _ in range(TURNS):
        await asyncio.sleep(0)
        if not state.tasks:
            return


def request(bench: Bench, data: bytes) -> None:
    """`METHOD target`, lines of headers, an empty line, and a body: a request to whatever answers that target."""
    head, _, body = data.partition(b"\n\n")
    first, *lines = head.decode("latin-1").split("\n")
    method, _, target = first.partition(" ")
    headers = [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    headers = [(name, value) for name, value in headers if name.lower() not in ("content-length", "prefer")]
    sent = [*headers, ("content-length", f"{len(body)}")]
    message = {"type": "http.request", "body": body, "more_body": False}
    path = target.replace("\r", "") if target.startswith("/") else f"/{target}"
    before = {world.name: (world.state, world.journal.last) for world in bench.mock}
    answer = bench.loop.run_until_complete(play(bench.app, method, path, sent, [message, GONE]))
    if answer is not None and answer.status >= 500 and answer.status not in REFUSED_BUGS:
        raise Broken(f"{answer.status} {answer.content[:300].decode('utf-8', 'replace')}")
    _check_whole(bench.mock, before)


def _check_whole(mock: Mock, before: Mapping[str, tuple[Any, int]]) -> None:
    """A refused request has changed nothing, and a world holds what its last exchange has left."""
    for world in mock:
        state, last = before.get(world.name, (world.scenario.state, 0))
        exchange = world.journal.find(world.journal.last) if world.journal.last > last else None
        if exchange is not None and _is_refused(exchange) and exchange.after is not state:
            raise Broken(
                f"{exchange.operation} is refused with {exchange.reply.status} and has changed something"
            )


def _is_refused(exchange: Exchange) -> bool:
    is_own = exchange.operation.startswith(("services.", "mockportal."))
    return 400 <= exchange.reply.status < 500 and not is_own


def scenario(bench: Bench, data: bytes) -> None:
    """A scenario file: every mistake is found, and one without a mistake can be built."""
    path = _written(bench, "x.yaml", data)
    spec, folders = bench.mock.spec, (bench.folder,)
    try:
        scenario_findings(str(path), folders, spec, bench.mock.api.data)
        bench.mock.scenario(str(path))
    except MockportalError as error:
        _check_line(error)


def document(bench: Bench, data: bytes) -> None:
    """A document: it is compiled, or refused in one line."""
    path = _written(bench, "openapi.yaml", data)
    for put_aside in (False, True):
        try:
            compile_spec(load_document(path), [], str(path), put_aside=put_aside)
        except MockportalError as error:
            _check_line(error)


def overlay(bench: Bench, data: bytes) -> None:
    """An overlay over a small document."""
    path = _written(bench, "overlay.yaml", data)
    small = next((CORPUS / "document").iterdir())
    try:
        compile_spec(load_document(small), load_overlay(path), str(small), str(path))
    except MockportalError as error:
        _check_line(error)


def targets(bench: Bench, data: bytes) -> None:
    """A targets file, a file of deviations and one of writes, which all have a shape."""
    path = _written(bench, "targets.yaml", data)
    spec = bench.mock.spec
    readers: tuple[Callable[[], object], ...] = (
        lambda: read_file(path, targets_schema(spec), ("!id",)),
        lambda: load_deviations(path, spec.operations, CHECKS),
        lambda: load_write_permissions(path, spec),
    )
    for reader in readers:
        try:
            reader()
        except MockportalError as error:
            _check_line(error)


def _written(bench: Bench, name: str, data: bytes) -> Path:
    path = bench.folder / name
    path.write_bytes(data)
    return path


def _check_line(error: MockportalError) -> None:
    if "\n" in str(error) or not str(error).strip():
        raise Broken(f"not one line: {str(error)[:300]!r}")


TARGETS: Mapping[str, Callable[[Bench, bytes], None]] = MappingProxyType(
    {
        "connection": connection, "request": request, "scenario": scenario, "document": document,
        "overlay": overlay, "targets": targets,
    }
)  # fmt: skip


def seeds(bench: Bench) -> dict[str, list[bytes]]:
    """The known inputs of each target: the corpus, and a valid request for every operation."""
    found = {name: [path.read_bytes() for path in sorted((CORPUS / name).iterdir())] for name in TARGETS}
    mock = bench.mock
    for name, case in target(mock.spec, mock.scenario(None)).cases.items():
        operation = mock.spec.operations[name]
        schemes = [scheme for alternative in operation.security for scheme in alternative]
        token = (
            case.token
            if case.token is not None
            else tokens_by_scheme().get(schemes[0], "")
            if schemes
            else ""
        )
        one = request_for(operation, case.params, case.body, token)
        url = f"{one.path}?{one.query}" if one.query else one.path
        lines = [f"{key}: {value}" for key, value in {"host": "localhost", **one.headers}.items()]
        head = f"{one.method} {url}\n" + "\n".join(lines)
        found["request"].append(head.encode() + b"\n\n" + one.body)
        raw = f"{one.method} {url} HTTP/1.1\r\n" + "\r\n".join(
            [*lines, f"content-length: {len(one.body)}", "", ""]
        )
        found["connection"].append(raw.encode() + one.body)
    return found
