"""A session of a world as the text of a scenario, which holds when it is played."""

from collections.abc import Sequence
from pathlib import Path

from mockportal.engine.world import World
from mockportal.expectations import Play, stage_of
from mockportal.files.strict_yaml import TAGS, YamlFile, read_nodes
from mockportal.files.yaml_nodes import compose
from mockportal.files.yaml_text import comment, flow, yaml_items, yaml_text
from mockportal.mock import Mock
from mockportal.recordings.sessions.history import Past, history
from mockportal.recordings.sessions.secrets import MADE_UP
from mockportal.recordings.sessions.steps import SessionStep, clock_key, standing, steps_of
from mockportal.state.scenario import Scenario
from mockportal.values import Record

_NAME = "export"
_ANSWER = ("exact", "body", "sha256", "headers", "fault")
_LINE = 300
_ROUNDS = 5
_HEAD = "A session, to be played again: `mockportal verify FILE` here, `mockportal replay FILE --target URL` elsewhere."


def export(mock: Mock, world: World) -> str:
    """The session of a world since its start, or since its last reset, as YAML."""
    past = history(world)
    return text_of(_holding(past, mock), past, remarks_on(past))


def _holding(past: Past, mock: Mock) -> list[SessionStep]:
    """The steps as they hold when they are played: a request that is answered with another status is left out, and
    its changes are made instead; of other answers that differ only the status stays."""
    different: dict[int, str] = {}
    for _ in range(_ROUNDS):
        steps = steps_of(past, mock.engine, different)
        found = _differences(steps, past, mock)
        others = [(step, told) for step, told in found if step.n and told.startswith("status")]
        if not others:
            break
        by_secrets = [(step, told) for step, told in others if MADE_UP in flow(step.entry)]
        different |= {step.n: told for step, told in by_secrets or others}  # which may have led to the others
    told_of = {id(step): told for step, told in found}
    return [_weaker(step, told_of[id(step)]) if id(step) in told_of else step for step in steps]


def _differences(steps: Sequence[SessionStep], past: Past, mock: Mock) -> list[tuple[SessionStep, str]]:
    """The steps that turn out differently when all are played, each with what was expected, and what came."""
    scenario = loaded(text_of(steps, past, ()), mock)
    play = Play(stage_of(scenario, mock.engine), mock.spec)
    found = []
    for step, entry in zip((step for step in steps if step.entry is not None), scenario.expect, strict=True):
        difference = play.difference(entry)
        if difference is not None:
            told = f"{difference[0]} was answered, and now {difference[1]}"
            found.append((step, " ".join(told.split())[:_LINE]))
    return found


def _weaker(step: SessionStep, told: str) -> SessionStep:
    """A step without what does not hold."""
    assert step.entry is not None
    gone = not step.n or told.startswith("status")
    entry = None if gone else {name: value for name, value in step.entry.items() if name not in _ANSWER}
    return SessionStep(
        step.n, entry, (*step.remarks, f"{step.n or 'a change'}: differs when it is replayed: {told}")
    )


def text_of(steps: Sequence[SessionStep], past: Past, remarks: Sequence[str]) -> str:
    """The text of the scenario."""
    head = yaml_text(_document(steps, past), (_HEAD, *remarks))
    lines, waiting = ["expect:"], list[str]()
    for step in steps:
        waiting += step.remarks
        if step.entry is not None:
            lines += yaml_items([(waiting, step.entry)], "  ")
            waiting = []
    lines = lines if len(lines) > 1 else ["expect: []"]
    return head + "\n".join([*lines, *(f"  # {comment(remark)}" for remark in waiting)]) + "\n"


def loaded(text: str, mock: Mock) -> Scenario:
    """The scenario of a text. Raises `FileError`."""
    path = Path(_NAME)
    return mock.scenario_in(read_nodes(path, compose(text, path), TAGS))


def _document(steps: Sequence[SessionStep], past: Past) -> Record:
    """Everything but the steps. A scenario that came in a request stands there itself."""
    scenario = past.start.scenario
    source = scenario.plan.source
    own: Record = {"extends": source}
    if isinstance(source, YamlFile):
        own = {name: value for name, value in source.value.items() if name not in ("about", "expect")}
    count = sum(step.entry is not None and step.n > 0 for step in steps)
    about = f"A session of {count} requests, recorded on {scenario.name}."
    return {"about": about, **own, "seed": scenario.seed, "clock": clock_key(standing(scenario.clock))}


def remarks_on(past: Past) -> list[str]:
    """The ways in which a recording begins otherwise than its world."""
    told = []
    if not past.is_whole:
        told.append("The journal has forgotten the oldest requests; their changes are made as edits.")
    if past.start.scenario.clock.moves_dates:
        told.append("The dates of the scenario had moved along with the clock, and do not here.")
    return told
