"""The door to a target: what may not leave does not, what may leaves no faster than it should."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from mockportal.judge.checks.registry import CHECKS
from mockportal.judge.context import Context
from mockportal.judge.fuzz import Fuzzing, run_fuzzing
from mockportal.judge.ledger import Ledger
from mockportal.judge.model import Received, Report, Sent
from mockportal.judge.plan import RunPlan
from mockportal.judge.reports import Redactor, residues, write_reports
from mockportal.judge.run import judge
from mockportal.judge.target.profiles import PHASES, PROFILES
from mockportal.judge.target.targets import Target
from mockportal.judge.wire.gate import Blocked, Gate, SendingLimits, Stopped
from mockportal.judge.wire.retry_after import WaitingClock
from mockportal.judge.wire.sender import Sender
from mockportal.judge.wire.transports import NoAnswer, Transport, in_process, over_http
from mockportal.mock import Mock
from mockportal.portal import API
from mockportal.spec.spec import Spec
from mockportal.web.app import create_app
from tests.support.runs import target_of
from tests.support.servers import Answer, Recorder, ask, recording

READ_ONLY = PROFILES["remote-readonly"]
OK = Received(200, (("content-type", "application/json"),), b"{}")
PLANTED = {"PortalAuth": "planted-portal-4f1e77aa", "EpilotAuth": "planted-epilot-9c0d31bb"}
BEHIND = {PLANTED["PortalAuth"]: "dev-anna", PLANTED["EpilotAuth"]: "dev-admin"}


@dataclass(slots=True)
class Watch:
    """A clock that stands still but for sleeping and for what each answer takes."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)
    sent_at: list[float] = field(default_factory=list)
    took: float = 0.01

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds

    @property
    def clock(self) -> WaitingClock:
        return WaitingClock(lambda: self.now, self.sleep, lambda: 1_800_000_000.0 + self.now)

    def timing(self, transport: Transport) -> Transport:
        async def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
            self.sent_at.append(self.now)
            received = await transport(method, target, headers, body)
            self.now += self.took
            return received

        return send

    def gaps(self) -> list[float]:
        return [later - earlier for earlier, later in zip(self.sent_at, self.sent_at[1:], strict=False)]


def scripted(*answers: Received) -> Transport:
    """Gives these answers, one after another, and then nothing but 200."""
    left = iter(answers)

    async def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        return next(left, OK)

    return send


async def nobody(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
    raise NoAnswer("refuses connections")


def asked_to_wait(status: int, value: str, *headers: tuple[str, str]) -> Received:
    return Received(status, (("retry-after", value), *headers))


def sent(method: str, target: str, operation: str = "", headers: Mapping[str, str] | None = None) -> Sent:
    return Sent(operation, method, target, headers or {})


@pytest.mark.parametrize(
    "request_",
    [
        sent("POST", "/v2/portal/pages"),
        sent("DELETE", "/v2/portal/user"),
        sent("DELETE", "/v2/portal/contract/1", "getContract"),
        sent("PATCH", "/v2/portal/contract/1", "getContract"),
        sent("HEAD", "/v2/portal/contract/1", "getContract"),
        sent("OPTIONS", "/v2/portal/user", "getPortalUser"),
        sent("TRACE", "/v2/portal/user", "getPortalUser"),
        sent("QUERY", "/v2/portal/user", "getPortalUser"),
        sent("get", "/v2/portal/user", "getPortalUser"),
        sent("GET", "/v2/portal/user", "deletePortalUser"),
        sent("GET", "/v2/portal/user/confirm?token=x", "getPortalUser"),
        sent("GET", "/v2/portal/user/confirm/7"),
        sent("GET", "/v2/portal/configure-distribution?origin=x"),
        sent("GET", "/v2/portal/resolve:external-link/1"),
        sent("GET", "/v2/portal/contract/..%2Fuser%2Fconfirm"),
        sent("GET", "/v2/portal/contract/%2e%2e%2Fuser%2Fconfirm"),
        sent("GET", "/v2/portal/contract/..%252Fuser%252Fconfirm"),
        sent("GET", "/v2/portal/contract/..%5Cuser%5Cconfirm;x"),
        sent("GET", "/v2/portal/contract/%ff"),
        sent("GET", "/v2/portal/nothing"),
        sent("GET", "/__mockportal/health"),
        sent("GET", "//evil.test/v2/portal/user"),
        sent("GET", "http://evil.test/v2/portal/user"),
        sent("GET", ""),
        sent("GET", "/v2/portal/user", "getPortalUser", {"X-HTTP-Method-Override": "DELETE"}),
    ],
    ids=lambda one: f"{one.method} {one.target} {one.operation}",
)
def test_what_is_not_plainly_a_harmless_get_does_not_leave(spec: Spec, request_: Sent) -> None:
    watch = Watch()
    gate = Gate(spec, watch.timing(scripted()), READ_ONLY.limits(spec, API.side_effects), clock=watch.clock)

    with Sender(gate) as sender, pytest.raises(Blocked):
        sender.send(request_, "w")

    assert (watch.sent_at, dict(gate.traffic)) == ([], {"blocked": 1})


def test_every_get_leaves_but_those_with_side_effects(spec: Spec) -> None:
    limits = READ_ONLY.limits(spec, API.side_effects)

    reading = {name for name, operation in spec.operations.items() if operation.method == "GET"}

    assert reading - limits.allowed == API.side_effects  # type: ignore[operator]
    assert limits.allowed <= reading  # type: ignore[operator]


def test_write_profile_without_a_file_writes_nothing(spec: Spec) -> None:
    assert (
        PROFILES["remote-write"].limits(spec, API.side_effects).allowed
        == READ_ONLY.limits(spec, API.side_effects).allowed
    )


def test_requests_keep_their_distance_however_long_answers_take(spec: Spec) -> None:
    watch = Watch()
    gate = Gate(spec, watch.timing(scripted()), SendingLimits(rate=5), clock=watch.clock)

    with Sender(gate) as sender:
        for watch.took in (0.0, 0.05, 0.9, 0.0, 0.199, 0.0):
            sender.call("getPortalUser")

    assert [round(gap, 3) for gap in watch.gaps()] == [0.2, 0.2, 0.9, 0.2, 0.2]


def test_oversleeping_does_not_shorten_the_next_distance(spec: Spec) -> None:
    watch = Watch()

    async def sleepy(seconds: float) -> None:
        watch.now += seconds + 0.15

    clock = replace(watch.clock, sleep=sleepy)
    gate = Gate(spec, watch.timing(scripted()), SendingLimits(rate=5), clock=clock)

    with Sender(gate) as sender:
        for _ in range(4):
            sender.call("getPortalUser")

    assert min(watch.gaps()) >= 0.2 - 1e-9


@pytest.mark.parametrize(
    ("answer", "slept"),
    [
        (asked_to_wait(429, "7"), 7.0),
        (asked_to_wait(503, "7"), 7.0),
        (asked_to_wait(429, " 0 "), 0.0),
        (asked_to_wait(429, "Fri, 15 Jan 2027 08:17:10 GMT"), 30.0),
        (asked_to_wait(429, "Fri, 15 Jan 2027 08:17:10 GMT", ("date", "Fri, 15 Jan 2027 08:17:05 GMT")), 5.0),
        (asked_to_wait(429, "Fri, 15 Jan 1999 08:00:00 GMT"), 0.0),
    ],
)
def test_wait_that_the_target_asks_for_is_kept(spec: Spec, answer: Received, slept: float) -> None:
    watch = Watch()
    gate = Gate(spec, scripted(answer), clock=watch.clock)

    with Sender(gate) as sender:
        exchange = sender.call("getPortalUser")

    assert exchange.status == 200
    assert round(sum(watch.slept), 3) == slept
    assert dict(gate.traffic) == {"sent": 2, "sent GET": 2, "retried": 1}


@pytest.mark.parametrize(
    "answer",
    [
        Received(429, ()),
        asked_to_wait(200, "7"),
        asked_to_wait(429, "soon"),
        asked_to_wait(429, "-1"),
        asked_to_wait(429, "1.5"),
        asked_to_wait(429, "²"),
        asked_to_wait(429, ""),
    ],
)
def test_answer_that_asks_for_no_wait_is_the_answer(spec: Spec, answer: Received) -> None:
    gate = Gate(spec, scripted(answer), clock=Watch().clock)

    with Sender(gate) as sender:
        exchange = sender.call("getPortalUser")

    assert (exchange.received, gate.traffic["retried"]) == (answer, 0)


def test_wait_counts_for_the_next_request_after_the_last_try(spec: Spec) -> None:
    watch = Watch(took=0)
    gate = Gate(spec, watch.timing(scripted(*[asked_to_wait(429, "2")] * 4)), clock=watch.clock)

    with Sender(gate) as sender:
        statuses = [sender.call("getPortalUser").status for _ in range(2)]

    assert statuses == [429, 200]
    assert watch.gaps() == [2.0, 2.0, 2.0, 2.0]


def test_write_that_may_have_been_done_is_not_sent_again(spec: Spec) -> None:
    gate = Gate(spec, scripted(asked_to_wait(503, "1")), clock=Watch().clock)

    with Sender(gate) as sender:
        exchange = sender.call("createPortalPage", body={})

    assert (exchange.status, gate.traffic["sent"]) == (503, 1)


def test_target_that_asks_for_too_long_a_wait_is_left_alone(spec: Spec) -> None:
    watch = Watch()
    gate = Gate(spec, scripted(asked_to_wait(429, "3600")), clock=watch.clock)

    with Sender(gate) as sender:
        first = sender.call("getPortalUser")
        with pytest.raises(Stopped, match=r"the target asks to wait 3600 seconds \(Retry-After\)"):
            sender.call("getPortalUser")

    assert (first.status, watch.slept, gate.traffic["sent"]) == (429, [], 1)


def test_budget_counts_repetitions_too(spec: Spec) -> None:
    gate = Gate(spec, scripted(*[asked_to_wait(429, "1")] * 9), SendingLimits(budget=3), clock=Watch().clock)

    with Sender(gate) as sender:
        sender.call("getPortalUser")
        with pytest.raises(Stopped, match="the budget of 3 requests is used up"):
            sender.call("getPortalUser")

    assert gate.traffic["sent"] == 3


def test_target_that_is_gone_is_not_asked_for_ever(spec: Spec) -> None:
    gate = Gate(spec, nobody)

    with Sender(gate) as sender:
        for _ in range(7):
            sender.call("getPortalUser")
        with pytest.raises(Stopped, match="no answer to 8 requests in a row: refuses connections"):
            sender.call("getPortalUser")

    assert gate.traffic["unanswered"] == 8


@contextmanager
def deployment(mock: Mock) -> Iterator[tuple[Recorder, Transport]]:
    """The mock behind a server that notes what arrives, at a name that looks like no loopback; its tokens are the
    planted ones, and it repeats them in a header."""
    behind = in_process(create_app(mock))

    def answer(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        given = {**headers, "authorization": f"{scheme} {BEHIND.get(token, token)}"}
        given = {name: value for name, value in given.items() if value.strip()}
        received = ask(behind, method, target, given, body)
        return received.status, {**dict(received.headers), "X-Echo": token}, received.body

    with recording(answer) as recorder:
        url = f"http://portal.example.test:{recorder.port}"
        yield recorder, over_http(url, 10, lambda name, port: ["127.0.0.1"])


def remote_target(mock: Mock) -> Target:
    known = target_of(mock)
    tokens = {**PLANTED}
    cases = {
        name: replace(case, token=tokens["EpilotAuth"] if case.token == "dev-admin" else tokens["PortalAuth"])
        if case.token
        else case
        for name, case in known.cases.items()
    }
    return replace(known, tokens=tokens, cases=cases, isolation="", identity={})


def judged(mock: Mock, transport: Transport, words: Sequence[str], **changes: object) -> Report:
    """A run over the operations that have one of `words` in their path."""
    profile = replace(READ_ONLY, rate=0, **changes)  # type: ignore[arg-type]
    chosen = {name for name, one in mock.spec.operations.items() if any(word in one.path for word in words)}
    plan = RunPlan(
        mock.spec,
        remote_target(mock),
        profile,
        "http://portal.example.test",
        max_examples=3,
        operations=frozenset(chosen),
    )
    return judge(plan, transport, lambda stage, what: None)


def test_only_gets_arrive_and_the_token_is_in_no_file(mock: Mock, tmp_path: Path) -> None:
    with deployment(mock) as (server, transport):
        report = judged(mock, transport, ("/portal/pages", "/user/confirm"))
    redactor = Redactor(PLANTED.values())
    write_reports(report, tmp_path, redactor, report.target)

    assert server.methods == {"GET"}
    assert len(server.requests) == report.traffic["sent"] > 30
    assert any(PLANTED["EpilotAuth"] in headers.get("authorization", "") for _, _, headers in server.requests)
    assert not [target for _, target, _ in server.requests if "/confirm" in target]
    assert (
        report.operations["deletePortalPage"].untested
        == "DELETE is not allowed by the profile: see --allow-writes"
    )
    assert report.verdict_of("deletePortalPage") == "untested"
    assert not [problem for problem in report.problems if "schemathesis" in problem]
    assert residues(tmp_path, PLANTED.values()) == []
    assert all(token.encode() not in path.read_bytes() for path in tmp_path.iterdir() for token in BEHIND)


def test_only_gets_arrive_even_if_everything_is_tried(mock: Mock) -> None:
    with deployment(mock) as (server, transport):
        report = judged(mock, transport, ("/pages/{id}", "/portal/contract"), phases=PHASES, positive=False)

    assert server.methods == {"GET"}
    assert report.traffic["blocked"] > 20
    assert not [problem for problem in report.problems if "schemathesis" in problem]


def test_run_that_used_up_its_budget_says_so(mock: Mock) -> None:
    with deployment(mock) as (server, transport):
        report = judged(mock, transport, ("page", "user", "partner"), budget=8)

    assert len(server.requests) == 8
    assert report.problems[0] == "the budget of 8 requests is used up"
    assert report.verdict == "violates"
    assert report.operations["listBusinessPartners"].untested.startswith("the run ended before: the budget")
    assert report.verdict_of("listBusinessPartners") == "untested"


def test_rate_is_kept_from_one_stage_to_the_next(mock: Mock) -> None:
    watch = Watch()
    target = remote_target(mock)
    names = ("getPortalPages", "getPortalPage", "getPublicPages", "getPortalUser")
    with deployment(mock) as (server, transport):
        gate = Gate(
            mock.spec,
            watch.timing(transport),
            READ_ONLY.limits(mock.spec, API.side_effects),
            target.variables(),
            clock=watch.clock,
        )
        chosen = {name: mock.spec.operations[name] for name in names}
        ledger = Ledger(chosen.values())
        run_stages(gate, ledger, target, names)

    assert len(server.requests) == len(watch.sent_at) > 20
    assert min(watch.gaps()) >= 0.2 - 1e-9


def run_stages(gate: Gate, ledger: Ledger, target: Target, names: Sequence[str]) -> None:
    chosen = {name: gate.spec.operations[name] for name in names}
    plan = Fuzzing(
        phases=READ_ONLY.phases, positive=True, operations=tuple(names), schemes=tuple(target.tokens)
    )
    with Sender(gate) as sender:
        for name, check in CHECKS.items():
            if not check.writes and not check.populated:
                check.run(Context(gate.spec, target, sender, ledger, chosen, name, 1, False, False))
        run_fuzzing(gate.spec, gate.spec.document, gate, ledger, plan, lambda stage, what: None)


def test_checks_do_not_even_try_to_write_where_they_may_only_read(mock: Mock) -> None:
    methods: set[str] = set()
    behind = in_process(create_app(mock))

    async def noting(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Received:
        methods.add(method)
        return await behind(method, path, headers, body)

    words = ("contract", "order", "page", "user", "widget", "metering")
    plan = RunPlan(
        mock.spec,
        target_of(mock),
        replace(READ_ONLY, rate=0),
        "http://portal.example.test",
        stages=("checks",),
        operations=frozenset(
            name for name, one in mock.spec.operations.items() if any(word in one.path for word in words)
        ),
    )

    report = judge(plan, noting, lambda stage, what: None)

    assert methods == {"GET"}
    assert report.traffic.get("blocked", 0) == 0
    assert report.findings == []


def test_no_writing_operation_is_usable_where_only_reading_is_allowed(mock: Mock) -> None:
    spec, target = mock.spec, target_of(mock)
    with Sender(Gate(spec, nobody, READ_ONLY.limits(spec, API.side_effects))) as sender:
        context = Context(spec, target, sender, Ledger([]), spec.operations, "x", 1, False, True)

        usable = {name for name in spec.operations if context.usable(name)}

    assert {spec.operations[name].method for name in usable} == {"GET"}
    assert usable & API.side_effects == set()
    assert len(usable) > 60


def test_operation_that_never_answers_is_left_alone_and_others_are_not(spec: Spec) -> None:
    watch = Watch()

    async def dripping(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        watch.sent_at.append(watch.now)
        watch.now += 10
        if "/contract" in target:
            raise NoAnswer("gives no whole answer within 10 seconds")
        return OK

    gate = Gate(spec, dripping, SendingLimits(silence=30), clock=watch.clock)
    with Sender(gate) as sender:
        silent = [sender.call("getAllContracts") for _ in range(9)]
        other = sender.call("getPortalUser")

    assert (len(watch.sent_at), other.status) == (4, 200)
    assert silent[-1].problem == "was not sent, as the operation gave no answer for too long"
    assert gate.traffic["given up"] == 6


def test_lost_token_ends_the_run_before_anybody_is_blamed(spec: Spec) -> None:
    revoked = Received(401, ())
    answers = iter((OK, OK, revoked, revoked))

    async def send(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Received:
        return next(answers)

    seen: list[int] = []
    token = "$MOCKPORTAL_TOKEN_PORTALAUTH"
    gate = Gate(spec, send, tokens={token: "dev-anna"}, proofs={})
    gate.watchers.append(lambda exchange: seen.append(exchange.status))
    with Sender(gate) as sender:
        sender.call("getPortalUser", token=token)
        sender.call("revokeToken", token=token)
        with pytest.raises(Stopped, match=r"does not accept .* any more, as of GET /v2/portal/contract"):
            sender.call("getAllContracts", token=token)

    assert seen == [200, 200]


def test_what_must_never_leave_does_not_in_any_spelling(spec: Spec) -> None:
    watch = Watch()
    gate = Gate(spec, watch.timing(scripted()), SendingLimits(never=frozenset(("deletePortalUser",))))

    with Sender(gate) as sender:
        for target in ("/v2/portal/user", "/v2/portal/%75ser", "/v2/portal/x/../user"):
            with pytest.raises(Blocked):
                sender.send(sent("DELETE", target), "w")

    assert watch.sent_at == []
