"""`mockportal contract --replay`: plays a finding of a report again."""

from mockportal.commands.judging.contract import planned, prepared
from mockportal.commands.judging.options import RunOptions, TargetOptions
from mockportal.commands.output import say
from mockportal.judge.replay import replay
from mockportal.judge.reports import exchanges_of
from mockportal.judge.reports.stored import all_findings
from mockportal.values import Record


def replay_finding(options: TargetOptions, extent: RunOptions, record: Record, finding: str) -> int:
    """Plays a finding of a report again. 1 if it still occurs, 0 if it does not. Raises `MockportalError`."""
    then = exchanges_of(record, finding)
    plan, transport = prepared(options)
    entry = next(one for one in all_findings(record) if one["id"] == finding)
    replayed = replay(planned(plan, extent), transport, entry, then)
    for number, now in enumerate(replayed.exchanges):
        before = f"then {then[number].status}, " if number < len(then) else ""
        say(f"{now.sent.method} {now.sent.target}: {before}now {now.status} {now.problem}".rstrip())
    say("it is still so" if replayed.still else "it does not occur any more")
    return 1 if replayed.still else 0
