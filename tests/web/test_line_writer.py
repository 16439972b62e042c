"""A log that nobody reads does not stop the server."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import httpx

from mockportal.web.line_writer import LineWriter


def test_writer_never_waits_and_tells_what_it_dropped() -> None:
    reader, writer = os.pipe()
    lines = LineWriter(writer)

    for number in range(20_000):
        lines.write(f"line {number} {'x' * 50}\n")
    parts: list[bytes] = []
    reading = threading.Thread(target=lambda: parts.extend(iter(lambda: os.read(reader, 65_536), b"")))
    reading.start()
    lines.close()
    os.close(writer)
    reading.join(10)
    os.close(reader)

    text = b"".join(parts).decode()
    assert text.startswith("line 0 ")
    assert "lines were dropped, as nobody read them in time\n" in text


def test_writer_survives_a_reader_that_goes() -> None:
    reader, writer = os.pipe()
    lines = LineWriter(writer)
    os.close(reader)

    lines.write("into the void\n")
    lines.close()

    os.close(writer)


def test_server_answers_although_nobody_reads_its_log(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "mockportal", "serve", "--port", "0", "--log", "json"]
    process = subprocess.Popen(line, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().split()[3]
        with httpx.Client(headers={"authorization": "Bearer dev-anna"}, timeout=5) as client:
            statuses = {client.get(f"{url}/v2/portal/user").status_code for _ in range(1_000)}
    finally:
        process.terminate()
        code = process.wait(timeout=20)
        _, errors = process.communicate(timeout=20)

    assert (statuses, code) == ({200}, 0)
    assert errors.startswith('{"world":"main","n":1,')
