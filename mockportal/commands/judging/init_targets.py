"""`mockportal contract --init-targets URL`: writes a targets file for an unknown deployment, from what it tells."""

import os
from dataclasses import replace
from pathlib import Path

from mockportal.commands.judging.contract import prepared
from mockportal.commands.judging.options import TargetOptions
from mockportal.commands.output import say
from mockportal.errors import UsageError
from mockportal.files.shape import read_file
from mockportal.files.writing import write_files
from mockportal.judge.discovery.exploring import explore
from mockportal.judge.discovery.writing import targets_text
from mockportal.judge.run import gate_of
from mockportal.judge.target.preflight import check_answers
from mockportal.judge.target.targets_schema import targets_schema
from mockportal.judge.wire.gate import variable
from mockportal.judge.wire.sender import Sender
from mockportal.values import Record

_NAME = "targets.yaml"


def init_targets(options: TargetOptions) -> int:
    """Reads what may be read of the target, and writes the file that `--targets` names, or `targets.yaml`.

    What is in the file already is used and kept. Raises `MockportalError`.
    """
    path = options.targets or Path(_NAME)
    known = options.targets if options.targets and options.targets.exists() else None
    plan, transport = prepared(replace(options, targets=known, profile="remote-readonly"))
    before: Record = read_file(path, targets_schema(plan.spec)).value if path.exists() else {}
    with Sender(gate_of(plan, transport)) as sender:
        check_answers(sender, plan.spec, plan.target, plan.url)
        found = explore(plan.spec, plan.target, sender, plan.links)
    if not any(200 <= status < 300 for status in found.statuses.values()):
        raise UsageError(plan.url, "answered nothing with a success; are the tokens of this deployment?")
    text = path.read_text("utf-8") if path.exists() else ""
    environment = (os.environ.get(variable(scheme)[1:]) for scheme in plan.target.tokens)
    given = {*options.tokens.values(), *environment} - {None}  # not those that are known of a mock
    held = {scheme for scheme, token in plan.target.tokens.items() if token in given}
    write_files(path.parent, {path.name: targets_text(plan.spec, found, held, before, text, plan.url)})
    read = sum(200 <= status < 300 for status in found.statuses.values())
    ready = len(plan.spec.operations) - len(found.lacking)
    say(f"{path}: {read} of {len(found.statuses)} operations that were read answered with a success")
    say(f"{ready} of {len(plan.spec.operations)} operations have values for all their parameters")
    if found.stopped:
        say(f"not read to the end: {found.stopped}")
    say(f"next: mockportal contract --target {plan.url} --targets {path}")
    return 0
