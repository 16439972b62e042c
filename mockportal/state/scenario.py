"""A scenario: its merged files as a plan, and the plan built into a state for a seed and a clock."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from mockportal.errors import FileError, Missing, Place
from mockportal.files.pointers import escape, pointer_to
from mockportal.files.shape_problems import without_none
from mockportal.files.stamps import Reading, now, reading
from mockportal.files.strict_yaml import Report, Tagged, YamlFile, fail
from mockportal.spec.spec import Spec
from mockportal.state.clock import BadClock, Clock, described_clock, instant, moved, timestamp
from mockportal.state.data_model import DataModel, Kind, Token
from mockportal.state.data_notes import data_notes, notes
from mockportal.state.ids import names_of, stable_id
from mockportal.state.record_check import record_violations
from mockportal.state.rules.check import expectation_notes, repeated_ids, rule_notes
from mockportal.state.rules.reading import Grounds, read_rule
from mockportal.state.rules.rule import Rule
from mockportal.state.scenario_files import load_files, place_in
from mockportal.state.scenario_tags import Tags, told_once
from mockportal.state.store import Draft, State
from mockportal.values import Json, Record, is_plain

_CLOCK = "2026-06-15T09:00:00+02:00"


@dataclass(frozen=True, slots=True)
class Scenario:
    """The start of a world.

    names: the alias of each id that is not an alias itself
    plan:  the files that it was built from, for the seed and clock that were `asked` for
    certificate_header: the header that tells the certificate of a client, in lower case; "" if none is named
    """

    name: str
    about: str
    seed: int
    clock: Clock
    state: State
    tokens: Mapping[str, Token]
    rules: tuple[Rule, ...]
    expect: tuple[Record, ...]
    aliases: Mapping[str, Mapping[str, str]]
    data: DataModel
    names: Mapping[str, str]
    plan: "ScenarioPlan"
    asked: tuple[int | None, Clock | None]
    certificate_header: str = ""

    def draft(self) -> Draft:
        """A draft of the state that a world starts from."""
        return Draft(self.state, self.clock.now(), self.seed, data=self.data)

    def id_of(self, kind: str, name: str) -> str:
        """The id that `name` means in a collection: the record with that alias, else `name` itself."""
        return self.aliases.get(kind, {}).get(name, name)


@dataclass(frozen=True, slots=True)
class ScenarioPlan:
    """A scenario read and merged, tags unresolved: it can be built for any seed and clock.

    source:  its name, or the path to its file, or its own file if that came in a request
    files:   that one and what it extends, the most derived one first
    reading: the files as they were read
    """

    source: str | YamlFile
    files: tuple[YamlFile, ...]
    tree: Record
    spec: Spec
    data: DataModel
    reading: Reading

    @property
    def name(self) -> str:
        """`x` for `x.yaml`"""
        return Path(self.source).stem if isinstance(self.source, str) else str(self.source.path)

    def build(self, seed: int | None = None, clock: Clock | None = None) -> Scenario:
        """The scenario for `seed` and `clock` (its own where None). Raises `FileError`."""
        return _Builder(self, seed, clock, fail).scenario()

    def place(self, at: str) -> Place:
        """The place of the value at a pointer of the merged tree: in the most derived file that has most of it."""
        return place_in(self.files, at)

    def where(self, at: str) -> str:
        """`scenarios/x.yaml:12:5: /entities/…`"""
        return str(self.place(at))


def load_scenario(
    source: str | YamlFile, folders: Sequence[Path], spec: Spec, data: DataModel, report: Report = fail
) -> ScenarioPlan:
    """Reads a scenario, by its name, by a path to its file, or from its own file on, and what it extends. Raises
    `FileError`, or reports mistakes.

    What its records say is looked at when it is built.
    """
    began = now()
    files, tree, whole = load_files(source, folders, spec, data, report)
    return ScenarioPlan(source, files, tree, spec, data, reading(began, files, whole))


def scenario_findings(
    source: str | YamlFile, folders: Sequence[Path], spec: Spec, data: DataModel
) -> tuple[list[FileError], list[FileError]]:
    """Every mistake in a scenario and in what it extends, and the notes on its own file.

    Records are only looked at when all files are usable; tokens and rules when all records are.
    """
    mistakes: list[FileError] = []
    plan = load_scenario(source, folders, spec, data, mistakes.append)
    found = list(notes(plan.files[:1]))
    if not mistakes:
        scenario = _Builder(plan, None, None, mistakes.append).scenario()
        doubts = (
            *data_notes(plan.files, plan.tree, spec, scenario.draft()),
            *rule_notes(scenario.rules),
            *expectation_notes(scenario.expect, spec, scenario.tokens),
        )
        found += [FileError(plan.place(at), problem) for at, problem in doubts]
    return told_once(mistakes), found


def empty_scenario(name: str, spec: Spec, data: DataModel) -> ScenarioPlan:
    """A scenario without any record, for a document that comes without one."""
    return ScenarioPlan(name, (), {"entities": {}}, spec, data, reading(now(), ()))


class _Builder:
    def __init__(self, plan: ScenarioPlan, seed: int | None, clock: Clock | None, report: Report) -> None:
        self._plan = plan
        self._asked = seed, clock
        self._report = report
        self._failed: set[str] = set()  # pointers to values that nothing could be made of
        self._data = plan.data
        self._tree = plan.tree
        self._seed: int = seed if seed is not None else plan.tree.get("seed", 0)
        own = self._own_clock()
        self._clock = own if clock is None else replace(clock, step=own.step)
        self._now = self._clock.now()
        self._weeks = self._clock.weeks_since(own.base)
        self._first = own.base if self._clock.moves_dates else self._now  # ids stay where dates move
        self._aliases: dict[str, dict[str, str]] = {}
        self._kinds: dict[str, set[str]] = {}  # by the ids of their records
        self._tags = Tags(plan.files, plan.data, self._now, self._aliases)

    def scenario(self) -> Scenario:
        entities = self._tree["entities"]
        for kind, records in entities.items():
            self._aliases[kind] = {
                alias: self._id(self._data.kinds[kind], alias, record, ())
                for alias, record in records.items()
            }
            self._check_ids(kind)
        draft = Draft(State(), self._now, self._seed, data=self._data)
        for kind, records in entities.items():
            for alias, record in records.items():
                with self._reported():
                    draft.collection(kind).put(self._record(self._data.kinds[kind], alias, record, draft))
        tokens = self._tokens(draft)
        return Scenario(
            name=self._plan.name,
            about=self._tree.get("about", ""),
            seed=self._seed,
            clock=self._clock,
            state=draft.state.as_start(),
            tokens=MappingProxyType(tokens),
            rules=self._rules(draft),
            expect=tuple(self._value(self._tree.get("expect", []), "/expect")),
            aliases=MappingProxyType(self._aliases),
            data=self._data,
            names=names_of(self._aliases.values()),
            plan=self._plan,
            asked=self._asked,
            certificate_header=self._tree.get("certificate_header", "").lower(),
        )

    def _own_clock(self) -> Clock:
        try:
            return described_clock(self._tree.get("clock", _CLOCK))
        except BadClock as error:
            self._report(self._error(f"/clock{error.pointer}", str(error)))
        return described_clock(_CLOCK)

    @contextmanager
    def _reported(self) -> Iterator[None]:
        """Hands a mistake on to whoever wants it, so that the next record can be looked at."""
        try:
            yield
        except FileError as mistake:
            self._report(mistake)

    def _id(self, kind: Kind, alias: str, record: Record, chain: tuple[str, ...]) -> str:
        explicit = record.get(kind.key)
        if isinstance(explicit, str):
            return explicit
        if kind.ids == "alias":
            return alias
        if isinstance(explicit, Tagged) and explicit.tag == "!id":
            other, _, name = str(explicit.value).partition("/")
            target = self._tree["entities"].get(other, {}).get(name)
            if f"{kind.name}/{alias}" in chain:
                at = pointer_to("entities", kind.name, alias, kind.key)
                circle = " → ".join((*chain, f"{kind.name}/{alias}"))
                self._report(self._error(at, f"is the id of itself: {circle}"))
            elif target is not None:  # what names no record is told when the record is read
                return self._id(self._data.kinds[other], name, target, (*chain, f"{kind.name}/{alias}"))
        return stable_id(kind.ids, self._seed, kind.name, alias, self._activity_time(record))

    def _activity_time(self, record: Record) -> datetime:
        with suppress(ValueError):
            return instant(str(record.get("timestamp")))
        return self._first

    def _record(self, kind: Kind, alias: str, raw: Record, draft: Draft) -> Record:
        at = pointer_to("entities", kind.name, alias)
        value = raw if not self._weeks and is_plain(raw) else self._value(raw, at)
        record: Record = {kind.key: self._aliases[kind.name][alias], **value}
        if not isinstance(record[kind.key], str):
            raise self._error(f"{at}/{escape(kind.key)}", "an id is a text")
        record = self._data.complete(kind, record, alias, draft, timestamp(self._now))
        for violation in record_violations(self._plan.spec, self._data, kind, record, self._kinds_of):
            if at + violation.path not in self._failed:
                self._report(self._error(at + violation.path, without_none(violation.message)))
        return record

    def _check_ids(self, kind: str) -> None:
        """Reports two records of one kind with one id, of which only the last would be kept."""
        first: dict[str, str] = {}
        for alias, id in self._aliases[kind].items():
            self._kinds.setdefault(id, set()).add(kind)
            if first.setdefault(id, alias) != alias:
                at = pointer_to("entities", kind, alias, self._data.kinds[kind].key)
                self._report(self._error(at, f"{kind}/{first[id]} has the id {id!r} already"))

    def _kinds_of(self, id: str) -> Collection[str]:
        return self._kinds.get(id, ())

    def _tokens(self, draft: Draft) -> dict[str, Token]:
        """The static tokens by their text."""
        tokens: dict[str, Token] = {}
        for name, raw in self._tree.get("tokens", {}).items():
            at = pointer_to("tokens", name)
            entry: Record = self._value(raw, at)

            def id_of(key: str, kind: str, at: str = at, entry: Record = entry) -> str:
                return self._tags.id_of(f"{at}/{key}", str(entry[key]), kind)

            with self._reported(), suppress(Missing):  # a record that is not there has a mistake of its own
                if not any(failed.startswith(f"{at}/") for failed in self._failed):
                    tokens[name] = self._token(name, entry, draft, id_of)
        return tokens

    def _token(self, name: str, entry: Record, draft: Draft, id_of: Callable[[str, str], str]) -> Token:
        try:
            return self._data.tokens.read(name, entry, draft, id_of)
        except ValueError as error:
            raise self._error(pointer_to("tokens", name), str(error)) from None

    def _rules(self, draft: Draft) -> tuple[Rule, ...]:
        grounds = Grounds(self._plan.spec, self._tree.get("tokens", {}), draft, self._aliases)
        rules: dict[int, Rule] = {}
        for number, raw in enumerate(self._tree.get("rules", ())):
            at = f"/rules/{number}"
            rule, problems = read_rule(f"rule-{number}", self._value(raw, at), grounds)
            for pointer, problem in problems:
                self._report(self._error(f"{at}{pointer}", problem))
            if rule is not None:
                rules[number] = rule
        for number, problem in repeated_ids(rules):
            self._report(self._error(f"/rules/{number}/id", problem))
        return tuple(rules.values())

    def _value(self, raw: Json, at: str) -> Json:
        """`raw` with every tag resolved, and its dates moved along."""
        if isinstance(raw, Tagged):
            with self._reported():
                return self._tags.resolved(raw, at)
            self._failed.add(at)
            return ""
        if isinstance(raw, dict):
            return {name: self._value(item, f"{at}/{escape(name)}") for name, item in raw.items()}
        if isinstance(raw, list):
            return [self._value(item, f"{at}/{number}") for number, item in enumerate(raw)]
        return moved(raw, self._weeks) if self._weeks and isinstance(raw, str) else raw

    def _error(self, at: str, problem: str) -> FileError:
        return FileError(self._plan.place(at), problem)
