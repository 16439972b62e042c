"""Reports to write about: a small one that is spelled out, and one as large as a real run."""

from collections import Counter
from dataclasses import replace

from mockportal.judge.model import (
    Finding,
    Interaction,
    KnownFinding,
    OperationRecord,
    Received,
    Report,
    Sent,
    Tally,
)
from mockportal.spec.spec import Spec

BASE = "http://127.0.0.1:8080"
TOKEN = "planted-Tok3n+/=&secret"
VARIABLE = "$MOCKPORTAL_TOKEN_PORTALAUTH"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.c2lnbmF0dXJlLW9mLXRlc3Q"

GET = Sent("getContract", "GET", "/v2/portal/contract/1?x=a%20b", {"authorization": f"Bearer {VARIABLE}"})
POST = Sent(
    "createPage",
    "POST",
    "/v2/portal/pages",
    {"content-type": "application/json", "authorization": f"Bearer {VARIABLE}"},
    b'{"slug": "it\'s $HOME"}',
)


def received(status: int = 200, body: bytes = b'{"data": {}}', **headers: str) -> Received:
    return Received(status, (("content-type", "application/json"), *headers.items()), body)


def finding(
    operation: str = "getContract",
    check: str = "response_schema_conformance",
    signature: str = "200 /data",
    message: str = "body /data: '_id' is a required property",
    exchanges: tuple[Interaction, ...] = (Interaction(GET, received()),),
) -> Finding:
    rule = "/paths/~1v2~1portal~1contract~1{id}/get/responses/200/content/application~1json/schema"
    return Finding(operation, check, signature, message, rule, "coverage", exchanges)


def report(
    findings: tuple[Finding, ...] = (), known: tuple[KnownFinding, ...] = (), problems: tuple[str, ...] = ()
) -> Report:
    """Three operations: one checked, one checked with no parameters, one without a verdict."""
    return Report(
        target=BASE,
        profile="local",
        seed=7,
        phases=("examples", "coverage"),
        spec_sha256="5f" * 32,
        versions={"mockportal": "0.1.0", "schemathesis": "4.32.5"},
        operations={
            "getContract": OperationRecord(
                "getContract",
                "GET",
                "/v2/portal/contract/{id}",
                documented=("200", "404", "4XX"),
                cases=9,
                successes=6,
                statuses=Counter({200: 6, 404: 1, 409: 1, 502: 1}),
                checks={
                    "response_schema_conformance": Tally(5, 1),
                    "not_a_server_error": Tally(8, 0),
                },
                parameters={"path.id": Counter(valid=7, invalid=2)},
            ),
            "createPage": OperationRecord(
                "createPage",
                "POST",
                "/v2/portal/pages",
                documented=("201", "default"),
                statuses=Counter({201: 3, 418: 1}),
                checks={"response_schema_conformance": Tally(4, 0)},
            ),
            "ssoLogin": OperationRecord(
                "ssoLogin", "POST", "/v2/portal/sso", ("200",), untested="no token for ExternalOIDCAuth"
            ),
        },
        findings=list(findings),
        known=list(known),
        problems=list(problems),
        traffic={"sent": 13, "sent GET": 9, "sent POST": 4},
        started="2026-11-23T10:00:00Z",
        seconds=12.34,
    )


KNOWN = KnownFinding(
    finding(operation="createPage", signature="201"), "the real API does so too", "ada", "2027-01-31"
)
BROKEN = report(
    findings=(
        finding(),
        finding("createPage", "not_a_server_error", "500", "500 for a valid request", (Interaction(POST, received(500)),)),
        finding("", "unknown_path", "x", "answers 200 | where there is nothing", ()),
    ),
    known=(KNOWN,),
    problems=("deviation 3 has expired",),
)  # fmt: skip


CHECKS = (
    "allow_header_conformance", "array_query_negatives", "content_type_conformance", "declared_properties",
    "error_shape", "hits_agree", "id_coherence", "ignored_auth", "negative_data_rejection", "not_a_server_error",
    "paging", "positive_data_acceptance", "reached_success", "redirect_location", "response_schema_conformance",
    "sort_order", "status_code_conformance", "unsupported_method", "use_after_free", "wrong_scheme_token",
)  # fmt: skip
MESSAGES = (
    "body /data/0/_created_at: '2026-13-01' is not a 'date-time'",
    "answers 200 to a token of the scheme EpilotAuth, which the operation does not take",
    "status 502 is not documented; documented are 200, 400, 401, 403",
    "hits is 12, but the list has 13 entries",
    "a page that was deleted is still answered",
    "the list is not in the order that sort=created_at:desc asks for: 2026-03-01T00:00:00Z stands before 2026-05-01T00:00:00Z",
    'body: {"error": "boom"} has no \'message\'',
)


def large_report(spec: Spec) -> Report:
    """All operations of the contract, with thirty findings, two deviations and seven operations without a verdict."""
    names = list(spec.operations)
    operations = {name: _record(spec, name, number) for number, name in enumerate(names)}
    for name in names[40:44]:
        operations[name].untested = "no token for ExternalOIDCAuth"
    for name in names[90:93]:
        operations[name].untested = "never reached a success"
    found = [_finding(spec, names[(number * 11) % 149], number) for number in range(30)]
    for one in [*found, KNOWN.finding]:
        if one.operation in operations:
            operations[one.operation].checks.setdefault(one.check, Tally(3)).failed += 1
    known = tuple(
        replace(KNOWN, finding=_finding(spec, names[number], number), owner=owner)
        for number, owner in ((5, "Team Portal"), (77, "ada@example.org"))
    )
    large = report(tuple(found), known, ("deviation 3 has expired on 2026-11-01",))
    large.operations = operations
    large.target = "https://portal.staging.example.org"
    large.profile = "remote-readonly"
    large.traffic = {"sent": 20856, "sent GET": 9812, "blocked": 3, "retried": 12}
    large.seconds = 163.4
    return large


def _record(spec: Spec, name: str, number: int) -> OperationRecord:
    operation = spec.operations[name]
    record = OperationRecord(name, operation.method, operation.path, tuple(operation.responses))
    record.cases, record.successes = 40 + number, 20 + number
    record.statuses = Counter(
        {operation.success: 20 + number, 400: number % 7, 401: 2} | ({502: 1} if number % 17 == 3 else {})
    )
    record.statuses = +record.statuses
    record.checks = {check: Tally(number + 3) for place, check in enumerate(CHECKS) if (number + place) % 5}
    places = [f"{parameter.location}.{parameter.name}" for parameter in operation.parameters]
    places += ["body"] if operation.body else []
    record.parameters = {
        place: Counter(valid=20 + number, invalid=(number * 3 + at) % 8) for at, place in enumerate(places)
    }
    return record


def _finding(spec: Spec, name: str, number: int) -> Finding:
    operation = spec.operations[name]
    sent = Sent(
        name,
        operation.method,
        operation.path.replace("{", "").replace("}", "") + f"?size={number}",
        dict(GET.headers),
    )
    if operation.body:
        sent = replace(sent, headers={**GET.headers, "content-type": "application/json"}, body=POST.body)
    body = (
        b'{"data": [{"_id": "7f1c3c1e-0000-4000-8000-000000000001", "_created_at": "2026-13-01", "title": "'
        + b"Z\xc3\xa4hler " * (number * 9)
        + b'"}]}'
    )
    exchanges = tuple(
        Interaction(sent, received(200 if step else 201, body)) for step in range(1 + number % 3)
    )
    if number % 10 == 9:
        exchanges = (Interaction(sent, None, "the answer did not end in time"),)
    message = MESSAGES[number % len(MESSAGES)]
    one = finding(name, CHECKS[(number * 7) % len(CHECKS)], f"{number}", message, exchanges)
    return replace(one, count=1 + number * number)
