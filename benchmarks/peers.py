"""Other mock servers beside this one, with the same document: start, memory, and five things that a client notices.

    npm install @stoplight/prism-cli @scalar/mock-server @hono/node-server @mockoon/cli \\
        specmatic wiremock mockserver-node
    python benchmarks/peers.py FOLDER      # where npm has installed them; Java 17 or newer for the last three

Each server is started alone, asked, and ended; what is not installed is left out. CPU seconds count the whole family
of processes until the first answer, so that they are worth something on a machine that others use. WireMock knows no
OpenAPI without its commercial part, so it gets one stub for each request, written here as somebody would.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

from mockportal.engine.answers.audit import audit
from mockportal.engine.call import Reply
from mockportal.mock import Setup, load_mock_spec
from mockportal.values import Json

METER = "432ae6c7-ce16-5b6a-bc4f-9ea81ff97236"
COUNTER = "b3f03c05-7c18-5993-9967-4d99b96aa956"
CONTRACTS = "/v2/portal/contract"
READING = "/v2/portal/metering/reading"
READINGS = "/v2/portal/metering/readings"
ANNA = {"authorization": "Bearer dev-anna"}
SPEC = load_mock_spec(Setup())
TICKS = os.sysconf("SC_CLK_TCK")
COLUMNS = (
    "start, s",
    "CPU, s",
    "memory, MB",
    "the contracts",
    "a reading is remembered",
    "a wrong one is refused",
    "no token is refused",
)
STUB: Json = {
    "value": 25100,
    "meter_id": METER,
    "counter_id": COUNTER,
    "direction": "feed-out",
    "source": "ECP",
}
SCALAR = """
import { readFileSync } from "node:fs";
import { serve } from "@hono/node-server";
import { createMockServer } from "@scalar/mock-server";
const document = JSON.parse(readFileSync(process.argv[2]));
serve({ fetch: (await createMockServer({ document })).fetch, port: Number(process.argv[3]), hostname: "127.0.0.1" });
"""


class Peer(NamedTuple):
    """A server: its files below `node_modules` that must be there, its command, and what it needs once it runs."""

    name: str
    needs: str
    command: Callable[[Path, Path, int], list[str]]
    prepare: Callable[[str, Path], None] = lambda url, document: None


def to_mockserver(url: str, document: Path) -> None:
    """Hands the document over, as its dashboard would."""
    body = {"specUrlOrPayload": json.loads(document.read_text())}
    httpx.put(f"{url}/mockserver/openapi", json=body, timeout=120).raise_for_status()


def to_wiremock(url: str, document: Path) -> None:
    """One stub for each request that is asked."""
    for method, path, body in (
        ("GET", CONTRACTS, {"data": []}),
        ("POST", READING, {"data": STUB}),
        ("POST", READINGS, {"results": []}),
    ):
        stub = {"request": {"method": method, "urlPath": path}, "response": {"status": 200, "jsonBody": body}}
        httpx.post(f"{url}/__admin/mappings", json=stub).raise_for_status()


def java(jar: Path, *arguments: str) -> list[str]:
    return ["java", "-jar", str(jar), *arguments]


PEERS = (
    Peer("mockportal", "", lambda _, __, port: [sys.executable, "-m", "mockportal", "serve", "--port", str(port)]),
    Peer("Prism", "@stoplight/prism-cli", lambda modules, document, port: [
        str(modules / ".bin/prism"), "mock", "-h", "127.0.0.1", "-p", str(port), str(document)]),
    Peer("Scalar", "@scalar/mock-server", lambda modules, document, port: [
        "node", str(modules.parent / "scalar.mjs"), str(document), str(port)]),
    Peer("Mockoon", "@mockoon/cli", lambda modules, document, port: [
        str(modules / ".bin/mockoon-cli"), "start", "--data", str(document), "--port", str(port)]),
    Peer("Specmatic", "specmatic", lambda modules, document, port: java(
        modules / "specmatic/specmatic.jar", "stub", str(document), "--host", "127.0.0.1", "--port", str(port))),
    Peer("MockServer", "mockserver-node", lambda modules, _, port: java(
        next((modules / "mockserver-node").glob("*.jar")),
        "-serverPort", str(port), "-logLevel", "WARN"), to_mockserver),
    Peer("WireMock", "wiremock", lambda modules, _, port: java(
        next((modules / "wiremock/build").glob("*.jar")), "--port", str(port)), to_wiremock),
)  # fmt: skip


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        return int(listening.getsockname()[1])


def family(pid: int) -> Iterator[Path]:
    """The process and all that it has started."""
    yield Path("/proc") / str(pid)
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from family(int(child))


def cpu_seconds(pid: int) -> float:
    spent = [(one / "stat").read_text().rpartition(")")[2].split() for one in family(pid)]
    return sum(int(fields[11]) + int(fields[12]) for fields in spent) / TICKS


def megabytes(pid: int) -> float:
    texts = [(one / "status").read_text() for one in family(pid)]
    return sum(int(text.partition("VmRSS:")[2].split()[0]) for text in texts) / 1024


@contextmanager
def running(command: list[str], folder: Path) -> Iterator[int]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, start_new_session=True)
    try:
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until_answered(url: str, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            httpx.get(f"{url}{CONTRACTS}", headers=ANNA, timeout=60)
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(url)


def verdict(answer: httpx.Response, operation: str) -> str:
    """The status, and how often the body breaks the document."""
    kind = answer.headers.get("content-type", "")
    body = answer.json() if "json" in kind and answer.content else answer.text
    found = audit(SPEC.operations[operation], Reply(answer.status_code, body, {"Content-Type": kind}))
    return f"{answer.status_code}" + (f", {len(found)} violations" if found else ", valid")


def refused(answer: httpx.Response) -> str:
    return f"yes, {answer.status_code}" if 400 <= answer.status_code < 500 else f"no, {answer.status_code}"


def asked(url: str) -> list[str]:
    """What a client notices, in the order of the table."""
    with httpx.Client(base_url=url, headers=ANNA, timeout=60) as client:
        listed = client.get(CONTRACTS)
        reading = {"meter_id": METER, "value": 25100, "source": "ECP"}
        posted = client.post(READING, json=reading)
        readings = client.post(READINGS, json={"meter_id": METER, "counter_id": COUNTER})
        wrong = client.post(READING, json={**reading, "value": "much"})
        anonymous = httpx.get(f"{url}{CONTRACTS}")
    values = [one.get("value") for one in readings.json().get("results", [])] if readings.is_success else []
    remembered = "yes" if posted.is_success and 25100 in values else "no"
    return [verdict(listed, "getAllContracts"), remembered, refused(wrong), refused(anonymous)]


def measured(peer: Peer, modules: Path, document: Path) -> list[str]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running(peer.command(modules, document, port), document.parent) as pid:
        start = time.monotonic()
        until_answered(url)
        peer.prepare(url, document)
        httpx.get(f"{url}{CONTRACTS}", headers=ANNA, timeout=60)
        seconds, spent = time.monotonic() - start, cpu_seconds(pid)
        noticed = asked(url)
        return [f"{seconds:.1f}", f"{spent:.1f}", f"{megabytes(pid):.0f}", *noticed]


def say(*cells: str) -> None:
    print("|", " | ".join(cells), "|", flush=True)  # noqa: T201


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where npm has installed the peers")
    modules = parser.parse_args().folder.resolve() / "node_modules"
    (modules.parent / "scalar.mjs").write_text(SCALAR)
    say("server", *COLUMNS)
    say(*["---"] * (1 + len(COLUMNS)))
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "openapi.json"
        document.write_text(json.dumps(SPEC.document))
        for peer in PEERS:
            if peer.needs and not (modules / peer.needs).exists():
                continue
            try:
                row = measured(peer, modules, document)
            except (TimeoutError, httpx.HTTPError, json.JSONDecodeError) as problem:
                row = [f"failed: {problem!r}"]
            version = (
                json.loads((modules / peer.needs / "package.json").read_text())["version"]
                if peer.needs
                else ""
            )
            say(f"{peer.name} {version}".strip(), *row)


if __name__ == "__main__":
    main()
