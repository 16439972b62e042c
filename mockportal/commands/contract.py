"""The commands of the judge. They need the extra `contract`, so what they use is imported only when they run."""

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import Any

from mockportal.errors import UsageError
from mockportal.spec.document import load_document

_STAGES = ("examples", "coverage", "fuzzing", "stateful", "checks", "journeys")


def add_target_options(parser: argparse.ArgumentParser, max_examples: int) -> None:
    """The flags that say what is judged and how it is reached."""
    parser.add_argument("--timeout", type=float, default=10.0, metavar="SECONDS", help="for one answer")
    parser.add_argument(
        "--profile", default="", metavar="NAME", help="local, remote-readonly or remote-write"
    )
    parser.add_argument("--operation", nargs="+", action="extend", metavar="ID", help="only these operations")
    parser.add_argument("--token", action="append", default=[], metavar="SCHEME=VALUE", help="a bearer token")
    parser.add_argument(
        "--targets", type=Path, metavar="FILE", help="valid ids, tokens and bodies of the target"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--max-examples", type=_count, default=max_examples, metavar="N", help="for each operation"
    )
    parser.add_argument("--rate", type=_rate, metavar="N", help="requests a second (5, or 5/s; 0: no limit)")
    parser.add_argument("--report", type=Path, metavar="FOLDER", help="write JSON, JUnit, Markdown and HTML")
    parser.add_argument("--format", choices=("text", "json", "github"), default="text")


def add_contract(parser: argparse.ArgumentParser) -> None:
    """`mockportal contract`."""
    parser.add_argument("--target", default="", metavar="URL", help="default: the mock, in this process")
    add_target_options(parser, max_examples=20)
    parser.add_argument(
        "--phases", type=_stages, default=_STAGES, metavar="A,B", help=f"some of {', '.join(_STAGES)}"
    )
    parser.add_argument("--allow-writes", type=Path, metavar="FILE", help="what remote-write may write")
    parser.add_argument("--deviations", type=Path, metavar="FILE", help="known disagreements of the target")
    parser.add_argument(
        "--write-deviations", type=Path, metavar="FILE", help="write an entry for every finding of this run"
    )
    parser.add_argument(
        "--allow-untested", action="store_true", help="untested operations do not fail the run"
    )
    parser.add_argument("--replay", metavar="ID", help="play a finding of the report in --report again")
    parser.add_argument("--cleanup", type=Path, metavar="FILE", help="remove what an earlier run has left")
    parser.add_argument("--against", type=Path, metavar="OLD", help="compare an older spec with this one")
    parser.set_defaults(command=_contract)


def add_drift(parser: argparse.ArgumentParser) -> None:
    """`mockportal drift`."""
    parser.add_argument("left", metavar="LEFT", help="an address, or `mock` for the mock in this process")
    parser.add_argument("right", metavar="RIGHT", help="likewise")
    add_target_options(parser, max_examples=3)
    parser.add_argument("--left-targets", type=Path, metavar="FILE", help="for LEFT, in place of --targets")
    parser.add_argument("--right-targets", type=Path, metavar="FILE", help="for RIGHT, in place of --targets")
    parser.add_argument("--accepted", type=Path, metavar="FILE", help="known drifts")
    parser.add_argument("--suggest", action="store_true", help="what would close each drift")
    parser.set_defaults(command=_drift)


def _drift(arguments: argparse.Namespace) -> int:
    drifting, drift = _loaded("mockportal.commands.drifting"), _loaded("mockportal.judge.drift")
    reports = _loaded("mockportal.judge.reports")
    plan, left, right = drifting.prepared(_drift_options(drifting, arguments))
    secrets = [*plan.left.target.variables().values(), *plan.right.target.variables().values()]
    with _loaded("mockportal.judge.progress").shown(len(plan.spec.operations)) as progress:
        report = drift.compare_targets(plan, left, right, progress)
    record = drift.drift_json(report, reports.Redactor(secrets))
    if arguments.report is not None:
        drift.write_drift(record, arguments.report)
        for line in _without_residues(arguments.report, reports.residues(arguments.report, secrets)):
            raise UsageError(str(arguments.report), line)
    if arguments.format == "json":
        _say(json.dumps(record, ensure_ascii=False, indent=2))
    elif arguments.format == "github":
        _say(drift.drift_annotations(record))
    else:
        _say(drift.drift_text(record, suggest=arguments.suggest))
    return 0 if report.verdict == "same" else 1


def _drift_options(drifting: Any, arguments: argparse.Namespace) -> Any:
    return drifting.DriftOptions(
        left=arguments.left,
        right=arguments.right,
        setup=_setup(arguments),
        left_targets=arguments.left_targets or arguments.targets,
        right_targets=arguments.right_targets or arguments.targets,
        tokens=dict(map(_token, arguments.token)),
        profile=arguments.profile,
        operations=frozenset(arguments.operation) if arguments.operation else None,
        accepted=arguments.accepted,
        seed=arguments.seed,
        max_examples=arguments.max_examples,
        rate=arguments.rate,
        timeout=arguments.timeout,
    )


def _contract(arguments: argparse.Namespace) -> int:
    if arguments.against is not None:
        return _against(arguments)
    if arguments.replay is not None:
        return _replay(arguments)
    if arguments.cleanup is not None:
        return _clean_up(arguments)
    return _judge(arguments)


def _judge(arguments: argparse.Namespace) -> int:
    judging, reports = _loaded("mockportal.commands.judging"), _loaded("mockportal.judge.reports")
    options, known = _options(arguments), arguments.write_deviations
    if known is not None and known.exists():
        raise UsageError(f"--write-deviations {known}", "is there already")
    plan, transport = judging.prepared(options)
    redactor = reports.Redactor(plan.target.variables().values())
    with _loaded("mockportal.judge.progress").shown(len(plan.spec.operations)) as progress:
        report = judging.run_judge(options, plan, transport, progress, redactor.learn)
    base_url = options.url or judging.MOCK_ADDRESS
    folder = arguments.report
    if known is not None:
        _write_deviations(known, report, redactor)
    if folder is not None:
        reports.write_reports(report, folder, redactor, base_url)
        report.problems += [
            f"a secret is left in {where}" for where in reports.residues(folder, redactor.secrets)
        ]
    record = reports.report_json(report, redactor, base_url)
    if arguments.format == "json":
        _say(json.dumps(record, ensure_ascii=False, indent=2) + "\n")
    elif arguments.format == "github":
        _say(reports.annotations(record))
    else:
        _say(reports.text(record, folder))
    return 0 if report.verdict == "conforms" else 1


def _write_deviations(path: Path, report: Any, redactor: Any) -> None:
    text = redactor.text(_loaded("mockportal.judge.deviations").deviations_text(report))
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--write-deviations {path}", f"cannot be written ({error.strerror})") from None


def _without_residues(folder: Path, residues: list[str]) -> list[str]:
    """Removes every file in which a secret was left; the answer says so, a line each."""
    for name in {line.partition(":")[0] for line in residues}:
        (folder / name).unlink(missing_ok=True)
    return [f"removed the report that holds a secret: {line}" for line in residues]


def _replay(arguments: argparse.Namespace) -> int:
    judging, reports = _loaded("mockportal.commands.judging"), _loaded("mockportal.judge.reports")
    if arguments.report is None:
        raise UsageError("--replay", "needs --report FOLDER, where the finding was written")
    record = reports.load_report(arguments.report / "report.json")
    steps, still = judging.run_again(_options(arguments), record, arguments.replay)
    for step in steps:
        sent = step.now.sent
        _say(
            f"{sent.method} {sent.target}: then {step.then.status}, now {step.now.status} {step.now.problem}".rstrip()
        )
    _say("it is still so" if still else "it does not occur any more")
    return 1 if still else 0


def _clean_up(arguments: argparse.Namespace) -> int:
    left = _loaded("mockportal.commands.judging").remove_leftovers(_options(arguments), arguments.cleanup)
    for line in left:
        _say(f"not cleaned up: {line}")
    _say(f"{len(left)} things are left" if left else "nothing is left")
    return 1 if left else 0


def _against(arguments: argparse.Namespace) -> int:
    against, mock = _loaded("mockportal.compatibility"), _loaded("mockportal.mock")
    path = mock.spec_files(_setup(arguments))[0]
    steps = against.compare_versions(arguments.against, load_document(path), str(path))
    if arguments.format == "json":
        _say(json.dumps([step.to_json() for step in steps], ensure_ascii=False, indent=2))
    else:
        for step in steps:
            _say_step(step, arguments.format)
    return 1 if any(change.level == "breaking" for step in steps for change in step.changes) else 0


def _say_step(step: Any, form: str) -> None:
    levels = {"breaking": "error", "risky": "warning", "safe": "notice"}
    for change in step.changes:
        if form == "github":
            command = _loaded("mockportal.judge.reports").workflow_command
            _say(command(levels[change.level], f"{change.operation} {change.rule}", change.message))
        else:
            _say(f"{change.level:9}{change.operation:42}{change.rule:36}{change.message}  {change.pointer}")
    counts = {level: sum(change.level == level for change in step.changes) for level in levels}
    _say(f"{step.old} -> {step.new}: " + ", ".join(f"{count} {level}" for level, count in counts.items()))


def _options(arguments: argparse.Namespace) -> Any:
    judging = _loaded("mockportal.commands.judging")
    return judging.Options(
        setup=_setup(arguments),
        url=arguments.target,
        profile=arguments.profile,
        operations=frozenset(arguments.operation) if arguments.operation else None,
        tokens=dict(map(_token, arguments.token)),
        targets=arguments.targets,
        deviations=arguments.deviations,
        allow_writes=arguments.allow_writes,
        journal=(arguments.report or Path()) / "mockportal-writes.jsonl",
        seed=arguments.seed,
        max_examples=arguments.max_examples,
        rate=arguments.rate,
        timeout=arguments.timeout,
        stages=arguments.phases,
        allow_untested=arguments.allow_untested,
    )


def _setup(arguments: argparse.Namespace) -> Any:
    return _loaded("mockportal.mock").Setup(
        spec=arguments.spec,
        overlay=arguments.overlay,
        use_overlay=not arguments.no_overlay,
        behaviours=arguments.behaviours,
        scenarios=arguments.scenarios,
    )


def _token(text: str) -> tuple[str, str]:
    scheme, equals, value = text.partition("=")
    if not (scheme and equals and value):
        raise UsageError("--token", "is SCHEME=VALUE, such as PortalAuth=…")
    return scheme, value


def _stages(text: str) -> tuple[str, ...]:
    chosen = tuple(text.split(","))
    for one in chosen:
        if one not in _STAGES:
            raise argparse.ArgumentTypeError(f"{one!r} is none of {', '.join(_STAGES)}")
    return chosen


def _rate(text: str) -> float:
    try:
        rate = float(text.removesuffix("/s"))
    except ValueError:
        rate = -1.0
    if not 0 <= rate < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of requests a second")
    return rate


def _count(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return int(text)


def _loaded(module: str) -> Any:
    """A module that needs the extra. Raises `UsageError` without it."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise UsageError(
            "contract", f"needs the extra: pip install 'mockportal[contract]' ({error.name} is missing)"
        ) from None


def _say(text: str) -> None:
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()
