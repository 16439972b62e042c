"""`mockportal record`: a proxy in front of a real deployment, which writes what it has seen as a scenario."""

import argparse
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from mockportal.commands.output import say, warn
from mockportal.commands.recordings.upstream import upstream_at
from mockportal.commands.setup_flags import setup_of
from mockportal.engine.call import Request
from mockportal.errors import UsageError
from mockportal.files.writing import write_files
from mockportal.files.yaml_text import yaml_items, yaml_text
from mockportal.mock import Mock, load_mock
from mockportal.recordings.har_callers import people_of
from mockportal.recordings.har_file import HarEntry
from mockportal.recordings.har_steps import steps_of
from mockportal.recordings.observed import observed
from mockportal.redaction import redaction
from mockportal.spec.validation import Violation
from mockportal.web.recording.proxy import Recorder, UpstreamAnswer
from mockportal.web.server import serve

_HOST = "127.0.0.1"
_MOST = 1_000  # exchanges that are kept, the newest


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Adds the flags of `record`."""
    parser.add_argument("--upstream", required=True, metavar="URL", help="the deployment to record")
    parser.add_argument("--port", type=int, default=8081, help="the proxy's own port; 0 picks a free one")
    parser.add_argument(
        "-o", "--output", type=Path, default=Path("scenarios/recorded.yaml"), metavar="FILE.yaml",
        help="where to write",
    )  # fmt: skip
    parser.add_argument(
        "--allow-private",
        action="store_true",
        help="let the upstream be on this machine or in a private network",
    )


def run(given: argparse.Namespace) -> int:
    """Passes requests on until it is interrupted, then writes the file; 1 if something broke the contract. Raises
    `MockportalError`."""
    if given.output.exists():
        raise UsageError(str(given.output), "exists already")
    upstream, mock = upstream_at(given.upstream, given.allow_private), load_mock(setup_of(given))
    entries: list[HarEntry] = []
    found: list[str] = []

    def note(request: Request, answer: UpstreamAnswer, broken: tuple[Violation, ...]) -> None:
        entries.append(_entry(len(entries) + 1, request, answer, given.upstream))
        for one in broken:
            told = f"{request.method} {answer.status}: {one.where} {one.path or '/'}: {one.message}"
            found.append(redaction(()).text(told))
            warn(f"breaks the contract: {found[-1]}")

    def ready(url: str) -> None:
        say(f"recording {given.upstream} at {url}; Ctrl-C ends it and writes {given.output}")

    with suppress(KeyboardInterrupt):
        serve(Recorder(mock.spec, upstream.send, note), _HOST, given.port, ready)
    if not entries:
        warn("nothing was recorded")
        return 0
    write_files(given.output.parent, {given.output.name: recorded_text(entries[-_MOST:], mock, found)})
    warn(f"{given.output}: {len(entries)} requests, {len(found)} violations of the contract")
    return 1 if found else 0


def recorded_text(entries: Sequence[HarEntry], mock: Mock, found: Sequence[str]) -> str:
    """The text of a scenario with the records and the steps of a recording, and what broke the contract in it."""
    steps, unused = steps_of(entries, mock.spec, people_of(mock.scenario(None), mock.api))
    left = [f"not used: {entry.number}: {entry}: {reason}" for entry, reason in unused]
    entities = observed((entry.content or b"" for entry in entries), mock.spec, mock.api.data)
    about = f"A recording of {len(entries)} requests."
    head = yaml_text({"about": about, **({"entities": entities} if entities else {})}, (*found, *left))
    items = yaml_items([(step.remarks, step.keys) for step in steps], "  ")
    return head + "".join(f"{line}\n" for line in ("expect:", *items)) if steps else head


def _entry(number: int, request: Request, answer: UpstreamAnswer, upstream: str) -> HarEntry:
    query = f"?{request.query}" if request.query else ""
    url = urlsplit(f"{upstream.rstrip('/')}{request.path}{query}")
    media = answer.headers.get("content-type", "")
    sent = dict(request.headers)
    return HarEntry(number, request.method, url, sent, request.body, answer.status, answer.content, media)
