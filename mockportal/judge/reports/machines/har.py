"""The requests of a report's findings as an HTTP Archive, HAR 1.2, to be looked at in a browser or a proxy."""

import json
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from mockportal.http_archive import NO_RESPONSE, archive, request_of, response_of
from mockportal.judge.reports.stored import all_findings
from mockportal.values import Record

_COOKIES = ("cookie", "set-cookie")
_NEVER = "1970-01-01T00:00:00+00:00"


def har_json(report: Record, base_url: str) -> str:
    """The text of the file. A comment names the finding of each request; when it was sent is not known, so they follow
    each other from the start of the run, a millisecond apart."""
    started = datetime.fromisoformat(report["started"] or _NEVER)
    exchanges = [(finding, one) for finding in all_findings(report) for one in finding["exchanges"]]
    entries = []
    for number, (finding, exchange) in enumerate(exchanges):
        at = (started + timedelta(milliseconds=number)).isoformat()
        told = f"{finding['id']} {finding['operation']} {finding['check']}: {finding['message']}"
        entries.append(entry_of(exchange, at, 0, base_url, told))
    return json.dumps(archive(entries), ensure_ascii=False, indent=1) + "\n"


def entry_of(exchange: Record, at: str, milliseconds: float, base_url: str, comment: str) -> Record:
    """The entry of an exchange of a report, which began at the instant `at`."""
    response = exchange["response"]
    took = round(milliseconds, 1)
    entry: Record = {
        "startedDateTime": at,
        "time": took,
        "request": _request(exchange["request"], base_url),
        "response": {**NO_RESPONSE, "comment": exchange["problem"]}
        if response is None
        else _response(response),
        "cache": {},
        "timings": {"send": 0, "wait": took, "receive": 0},
    }
    return entry | ({"comment": comment} if comment else {})


def _request(request: Record, base_url: str) -> Record:
    headers = [*request["headers"].items()]
    text, encoding = _body(request)
    target = request["target"]
    whole = target if urlsplit(target).scheme else base_url.rstrip("/") + target
    media_type = _header(headers, "content-type")
    data: Record = {"mimeType": media_type, "params": [], "text": text}
    data |= {"_encoding": encoding} if encoding else {}
    size = len(text.encode())
    return request_of(request["method"], whole, headers, _pairs(headers), size, data if text else None)


def _response(response: Record) -> Record:
    headers = [(name, value) for name, value in response["headers"]]
    text, encoding = _body(response)
    content: Record = {"size": response["size"], "mimeType": _header(headers, "content-type") or "x-unknown"}
    content |= {"text": text} if text else {}
    content |= {"encoding": encoding} if encoding else {}
    content |= {"comment": "cut here"} if response["truncated"] else {}
    location = _header(headers, "location")
    return response_of(response["status"], headers, _pairs(headers), content, response["size"], location)


def _body(record: Record) -> tuple[str, str]:
    """The body as text, and `base64` if it is spelled so."""
    if "body_base64" in record:
        return record["body_base64"], "base64"
    return record["body"], ""


def _header(headers: list[tuple[str, str]], wanted: str) -> str:
    return next((value for name, value in headers if name.lower() == wanted), "")


def _pairs(headers: list[tuple[str, str]]) -> list[str]:
    """The cookies in headers whose secrets are taken out already."""
    return [pair for name, value in headers if name.lower() in _COOKIES for pair in value.split(";")[:1]]
