"""Rules that can never fire as they are meant, and expectations that ask for what does not exist."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from mockportal.errors import hint
from mockportal.files.pointers import escape, pointer_to
from mockportal.json_tree import Path, leaves
from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.spec.spec import Spec
from mockportal.state.record_change import Aliases, BadChange, change_record
from mockportal.state.rules.actions import Action, too_long, unsendable
from mockportal.state.rules.conditions import holds, pattern_of, query_of
from mockportal.state.rules.rule import Rule
from mockportal.state.store import Draft
from mockportal.values import Json, Record

NOBODY = "nobody"  # who has no token in an expectation
_SAVED = re.compile(r"\$[a-z][a-z0-9_]*")
_FILLED = ("as", "params", "target", "send", "send_headers", "body", "with")


def rule_problems(rule: Rule, spec: Spec, tokens: Collection[str]) -> Iterator[tuple[str, str]]:
    """(pointer in the rule, problem) of everything that keeps a rule from firing as it is meant."""
    operations = [spec.operations[id] for id in sorted(rule.operations)] or [*spec.operations.values()]
    token = rule.when.get("as")
    if token is not None and token not in tokens:
        yield "/when/as", f"there is no token {token!r}{hint(token, tokens)}"
    for name, value in rule.when.get("params", {}).items():
        problem = _parameter_problem(operations, name, value)
        if problem:
            yield pointer_to("when", "params", name), problem
    if (rule.when.get("body") or "jsonpath" in rule.when) and all(one.body is None for one in operations):
        yield (
            f"/when/{'body' if rule.when.get('body') else 'jsonpath'}",
            f"there is no body of {_named(operations)}",
        )
    yield from _unreadable(rule.when)
    for at, action in _actions(rule):
        for pointer, problem in (*too_long(action), *_unsendable(action)):
            yield at + pointer, problem
        if not rule.unchecked:
            for pointer, problem in _reply_problems(action, operations):
                yield at + pointer, problem


def state_problems(rule: Rule, spec: Spec, draft: Draft, aliases: Aliases) -> Iterator[tuple[str, str]]:
    """(pointer in the rule, problem) of every change of a record that could not be made now."""
    for at, action in _actions(rule):
        trial = Draft(draft.state, draft.now(), draft.seed, data=draft.data)
        for name, patch in action.state.items():
            try:
                change_record(trial, aliases, spec, name, patch)
            except BadChange as problem:
                yield at + pointer_to("state", name), str(problem)


def _actions(rule: Rule) -> Iterator[tuple[str, Action]]:
    """(pointer, action) of each."""
    if "sequence" not in rule.raw:
        yield "", rule.actions[0]
        return
    for number, action in enumerate(rule.actions):
        yield f"/sequence/{number}", action


def _unreadable(when: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """The regular expressions and queries that are none."""
    texts: dict[str, tuple[Callable[[str], object], str]] = {
        pointer_to("when", "matches", at): (pattern_of, text) for at, text in when.get("matches", {}).items()
    }
    if "jsonpath" in when:
        texts["/when/jsonpath"] = (query_of, when["jsonpath"])
    for pointer, (compiled, text) in texts.items():
        try:
            compiled(text)
        except ValueError as error:
            yield pointer, str(error)


def _unsendable(action: Action) -> Iterator[tuple[str, str]]:
    for part, answer in (("reply", action.reply), ("patch", action.patch), ("fault", action.fault)):
        for pointer, problem in unsendable(answer or {}):
            yield f"/{part}{pointer}", problem


def repeated_ids(rules: Mapping[int, Rule]) -> Iterator[tuple[int, str]]:
    """(position, problem) of the rules whose id an earlier one has, so that they would count their hits together."""
    first: dict[str, int] = {}
    for number, rule in rules.items():
        if first.setdefault(rule.id, number) != number:
            yield number, f"another rule has the id {rule.id!r}; they would count their hits together"


def rule_notes(rules: Sequence[Rule]) -> Iterator[tuple[str, str]]:
    """(pointer, note) of each rule that never fires because one above it always does."""
    for number, rule in enumerate(rules):
        above = next((one for one in rules[:number] if _covers(one, rule)), None)
        if above is not None:
            yield f"/rules/{number}", f"never fires: the rule {above.id!r} above it takes every request first"


def expectation_notes(
    expect: Sequence[Record], spec: Spec, tokens: Collection[str]
) -> Iterator[tuple[str, str]]:
    """(pointer, note) of callers, parameters and saved values that may be misspelt; unknown ones may be sent on
    purpose."""
    saved: set[str] = set()
    for number, entry in enumerate(expect):
        at = f"/expect/{number}"
        for path, name in _saved_names(entry):
            if name not in saved:
                problem = f"no entry above saves {name!r}, so it is sent as it is{hint(name, saved)}"
                yield at + pointer_to(*path), problem
        saved.update(entry.get("save", ()))
        caller = entry.get("as", NOBODY)
        near = hint(caller, (*tokens, NOBODY)) if caller not in (*tokens, NOBODY) else ""
        if near:
            yield f"{at}/as", f"there is no token {caller!r}{near}"
        if "operation" not in entry:
            continue
        known = [one.name for one in spec.operations[entry["operation"]].parameters]
        for name in entry.get("params", {}):
            if name not in known:
                problem = f"{entry['operation']} has no parameter {name!r}{hint(name, known)}"
                yield f"{at}/params/{escape(name)}", problem


def _saved_names(entry: Record) -> Iterator[tuple[Path, str]]:
    """(path, name) of every text that is `$name` where saved values are filled in."""
    for path, value in leaves({key: entry.get(key) for key in _FILLED}):
        if isinstance(value, str) and _SAVED.fullmatch(value):
            yield path, value[1:]


def _reply_problems(action: Action, operations: Sequence[Operation]) -> Iterator[tuple[str, str]]:
    """A canned reply keeps the contract; what shall break it is a `fault`, or `unchecked`."""
    if action.reply is None:
        return
    status = action.reply["status"]
    for operation in operations:
        response = operation.response(status)
        if response is None:
            problem = f"{operation.id} documents no {status}; use `fault` or `unchecked: true` to break the contract"
            yield "/reply/status", problem
            return
        validator = response.validators.get(JSON_TYPE)
        if validator is not None:
            for violation in validator.violations(action.reply.get("body"), "body"):
                yield f"/reply/body{violation.path}", violation.message


def _parameter_problem(operations: Sequence[Operation], name: str, value: Json) -> str:
    """The reason why no request to one of these operations can have the parameter with this value; "" if one can."""
    having = [one for one in operations if any(known.name == name for known in one.parameters)]
    if not having:
        known = sorted({parameter.name for one in operations for parameter in one.parameters})
        return f"there is no parameter {name!r} of {_named(operations)}{hint(name, known)}"
    problems = [_value_problem(operation, name, value) for operation in having]
    return "" if "" in problems else f"can never be sent: {problems[0]}"


def _value_problem(operation: Operation, name: str, value: Json) -> str:
    if isinstance(value, dict):
        return ""  # a part of the value
    found = operation.parameter_validator.violations({name: value}, "params")
    at = f"/{escape(name)}"
    return next((one.message for one in found if one.path == at or one.path.startswith(f"{at}/")), "")


def _named(operations: Sequence[Operation]) -> str:
    return operations[0].id if len(operations) == 1 else "any of these operations"


def _covers(above: Rule, rule: Rule) -> bool:
    """True if every request that fits `rule` is answered by `above`."""
    always = above.firing.is_always and above.when.keys() <= {"as", "params", "body"}
    same = not above.operations or (rule.operations and rule.operations <= above.operations)
    token = above.when.get("as")
    return bool(
        always
        and same
        and token in (None, rule.when.get("as"))
        and all(holds(above.when.get(part, {}), rule.when.get(part, {})) for part in ("params", "body"))
    )
