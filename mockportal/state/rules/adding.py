"""A rule that comes at run time, read and checked like one of a scenario."""

from collections.abc import Collection
from itertools import count

from mockportal.errors import FileError
from mockportal.files.inline import inline_file
from mockportal.files.shape import check_shape
from mockportal.spec.spec import Spec
from mockportal.state.rules.reading import Grounds, read_rule
from mockportal.state.rules.rule import Rule
from mockportal.state.rules.shape import rule_schema
from mockportal.state.scenario import Scenario
from mockportal.state.scenario_tags import Tags
from mockportal.state.store import Draft
from mockportal.values import Record


def added_rule(raw: Record, taken: Collection[str], scenario: Scenario, draft: Draft, spec: Spec) -> Rule:
    """The rule that JSON describes, in a world of a scenario; without an id it gets the next one that is not `taken`.

    Raises `FileError` with the pointer to the mistake.
    """
    file = inline_file("rule", raw)
    check_shape(file, rule_schema(spec.operations, spec.tags))
    whole = Tags((file,), scenario.data, draft.now(), scenario.aliases).whole(file.value, "")
    free = next(f"rule-{number}" for number in count() if f"rule-{number}" not in taken)
    rule, problems = read_rule(free, whole, Grounds(spec, scenario.tokens, draft, scenario.aliases))
    for pointer, problem in problems:
        raise FileError(file.place(pointer), problem)
    assert rule is not None  # or it has a problem
    return rule
