"""Scenarios: files merged by alias into a plan, and the plan built into a state for a seed and a clock."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jsonschema import Draft202012Validator

from mockportal.errors import ScenarioError, hint
from mockportal.spec.document import escape, pointer
from mockportal.spec.operations import JSON_TYPE
from mockportal.spec.spec import Spec
from mockportal.state.clock import BERLIN, Clock, clock_at, duration, instant, timestamp
from mockportal.state.ids import stable_short_id, stable_ulid, stable_uuid
from mockportal.state.kinds import INVERSE_NAMES, INVERSES, KINDS, Kind
from mockportal.state.rules import Rule, rule_of
from mockportal.state.scenario_schema import scenario_schema
from mockportal.state.store import Draft, State, relation
from mockportal.state.strict_yaml import Tagged, YamlFile, load_yaml
from mockportal.values import Json, Record

_DEEPEST = 20
_FILE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Token:
    """A static bearer token. `family` groups the tokens that one revocation ends."""

    kind: str
    subject: str
    family: str
    readonly: bool
    org: str
    claims: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a world starts from."""

    name: str
    about: str
    seed: int
    clock: Clock
    state: State
    tokens: Mapping[str, Token]
    rules: tuple[Rule, ...]
    expect: tuple[Record, ...]
    aliases: Mapping[str, Mapping[str, str]]

    def id_of(self, kind: str, name: str) -> str:
        """The id that `name` means in a collection: the record with that alias, else `name` itself."""
        return self.aliases.get(kind, {}).get(name, name)


@dataclass(frozen=True, slots=True)
class Plan:
    """A scenario read and merged, tags unresolved: it can be built for any seed and clock."""

    name: str
    files: tuple[YamlFile, ...]  # the most derived one first
    tree: Record
    spec: Spec

    def build(self, seed: int | None = None, clock: Clock | None = None) -> Scenario:
        """The scenario for `seed` and `clock` (its own where None). Raises `ScenarioError`."""
        return _Builder(self, seed, clock).scenario()

    def where(self, at: str) -> str:
        """File, line and pointer of the value at a pointer of the merged tree."""
        for file in self.files:
            if file.holds(at):
                return file.where(at)
        return max(self.files, key=lambda file: file.line(at)).where(at)


def load_scenario(name: str, folders: Sequence[Path], spec: Spec) -> Plan:
    """Reads the scenario `name` (or a path to its file) and what it extends. Raises `ScenarioError`."""
    files: list[YamlFile] = []
    tree = _load(name, folders, spec, files, ())
    plan = Plan(Path(name).stem, tuple(reversed(files)), tree, spec)
    plan.build()
    return plan


def scenario_names(folders: Iterable[Path]) -> list[str]:
    """The scenarios that can be served by name."""
    return sorted({file.stem for folder in folders for file in folder.glob("*.yaml")})


def _load(
    name: str, folders: Sequence[Path], spec: Spec, files: list[YamlFile], chain: tuple[str, ...]
) -> Record:
    if name in chain or len(chain) > _DEEPEST:
        raise ScenarioError(name, "extends itself: " + " → ".join((*chain, name)))
    file = load_yaml(_find(name, folders))
    _check_shape(file, spec)
    parents = file.value.get("extends", [])
    tree: Record = {}
    for parent in [parents] if isinstance(parents, str) else parents:
        tree = _merged(tree, _load(parent, folders, spec, files, (*chain, name)), file)
    files.append(file)
    return _merged(tree, file.value, file)


def _find(name: str, folders: Sequence[Path]) -> Path:
    if name.endswith((".yaml", ".yml")):
        return Path(name)
    for folder in folders:
        path = folder / f"{name}.yaml"
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            return path
    raise ScenarioError(name, f"is no scenario{hint(name, scenario_names(folders))}")


def _check_shape(file: YamlFile, spec: Spec) -> None:
    schema = scenario_schema(spec.operations)
    for error in Draft202012Validator(schema).iter_errors(_untagged(file.value)):
        deepest = max(
            _with_context(error), key=lambda inner: (len(inner.absolute_path), inner.validator != "oneOf")
        )
        at = pointer(*deepest.absolute_path)
        problem = deepest.message
        if deepest.validator == "additionalProperties":
            known = deepest.schema["properties"]
            unknown = next(name for name in deepest.instance if name not in known)
            raise ScenarioError(
                file.where(f"{at}/{escape(unknown)}"), f"unknown key {unknown!r}{hint(unknown, known)}"
            )
        if deepest.validator == "enum" and isinstance(deepest.instance, str):
            name, kind = deepest.instance, "collection" if deepest.parent is not None else "value"
            kind = "operation" if "operation" in at else kind
            problem = f"unknown {kind} {name!r}{hint(name, map(str, deepest.validator_value))}"
        raise ScenarioError(file.where(at), problem if len(problem) < 300 else f"{problem[:300]}…")


def _with_context(error: Any) -> Iterator[Any]:
    yield error
    for inner in error.context or ():
        yield from _with_context(inner)


def _untagged(value: Json) -> Json:
    if isinstance(value, Tagged):
        return "" if value.value is None else str(value.value)
    if isinstance(value, dict):
        return {name: _untagged(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_untagged(item) for item in value]
    return value


def _merged(base: Record, over: Record, file: YamlFile) -> Record:
    """`over` on top of `base`: entities and tokens by alias, rules before the inherited ones."""
    merged = base | {
        key: value for key, value in over.items() if key not in ("extends", "entities", "tokens")
    }
    merged["rules"] = [*over.get("rules", ()), *base.get("rules", ())]
    merged["expect"] = over.get("expect", [])
    merged["tokens"] = _patched(base.get("tokens", {}), over.get("tokens", {}))
    entities = {kind: dict(records) for kind, records in base.get("entities", {}).items()}
    for kind, records in over.get("entities", {}).items():
        known = entities.setdefault(kind, {})
        for alias, record in records.items():
            if not (isinstance(record, Tagged) and record.tag == "!drop"):
                known[alias] = _patched(known.get(alias, {}), record)
            elif known.pop(alias, None) is None:
                where = file.where(pointer("entities", kind, alias))
                raise ScenarioError(where, f"there is no {kind}/{alias} to drop{hint(alias, known)}")
    merged["entities"] = entities
    return merged


def _patched(base: Json, over: Json) -> Json:
    """A merge patch in which `!drop` removes."""
    if not isinstance(over, dict):
        return over
    made = dict(base) if isinstance(base, dict) else {}
    for name, value in over.items():
        if isinstance(value, Tagged) and value.tag == "!drop":
            made.pop(name, None)
        else:
            made[name] = _patched(made.get(name), value)
    return made


class _Builder:
    def __init__(self, plan: Plan, seed: int | None, clock: Clock | None) -> None:
        self._plan = plan
        self._tree = plan.tree
        self._seed: int = seed if seed is not None else plan.tree.get("seed", 0)
        self._clock = clock if clock is not None else self._own_clock()
        self._now = self._clock.now()
        self._org = next(iter(plan.tree["entities"].get("organization", {})), "0")
        self._aliases: dict[str, dict[str, str]] = {}

    def scenario(self) -> Scenario:
        entities = self._tree["entities"]
        for kind, records in entities.items():
            self._aliases[kind] = {
                alias: self._id(KINDS[kind], alias, record) for alias, record in records.items()
            }
        draft = Draft(State(), self._now, self._seed)
        for kind, records in entities.items():
            for alias, record in records.items():
                draft.collection(kind).put(self._record(KINDS[kind], alias, record))
        tokens = self._tokens(draft)
        return Scenario(
            name=self._plan.name,
            about=self._tree.get("about", ""),
            seed=self._seed,
            clock=self._clock,
            state=draft.state,
            tokens=MappingProxyType(tokens),
            rules=self._rules(),
            expect=tuple(self._value(self._tree.get("expect", []), "/expect")),
            aliases=MappingProxyType(self._aliases),
        )

    def _own_clock(self) -> Clock:
        raw = self._tree.get("clock", "2026-06-15T09:00:00+02:00")
        text, ticking = (raw["now"], raw.get("mode") == "ticking") if isinstance(raw, dict) else (raw, False)
        try:
            return clock_at(instant(text), ticking)
        except ValueError:
            raise self._error("/clock", f"{text!r} is not an RFC 3339 instant") from None

    def _id(self, kind: Kind, alias: str, record: Record) -> str:
        explicit = record.get(kind.key)
        if isinstance(explicit, str):
            return explicit
        if kind.key in ("slug", "org_id"):
            return alias
        if isinstance(explicit, Tagged) and explicit.tag == "!id":
            other, _, name = str(explicit.value).partition("/")
            return self._id(KINDS[other], name, self._tree["entities"].get(other, {}).get(name, {}))
        if kind.ids == "short":
            return stable_short_id(self._seed, kind.name, alias)
        if kind.ids == "ulid":
            return stable_ulid(self._seed, kind.name, alias, self._activity_time(record))
        return stable_uuid(self._seed, kind.name, alias)

    def _activity_time(self, record: Record) -> datetime:
        text = record.get("timestamp")
        try:
            return instant(text) if isinstance(text, str) else self._now
        except ValueError:
            return self._now

    def _record(self, kind: Kind, alias: str, raw: Record) -> Record:
        at = pointer("entities", kind.name, alias)
        record: Record = {kind.key: self._aliases[kind.name][alias], **self._value(raw, at)}
        if kind.entity:
            made = timestamp(self._now)
            record = {
                "_id": record["_id"],
                "_schema": kind.name,
                "_org": self._org,
                "_title": alias,
                "_created_at": made,
                "_updated_at": record.get("_created_at", made),
                **record,
            }
        for name in record.keys() & INVERSE_NAMES:
            forward = [
                f"{other}.{attribute}" for (other, attribute), inverse in INVERSES.items() if inverse == name
            ]
            if isinstance(record[name], dict) and "$relation" in record[name]:
                raise self._error(f"{at}/{name}", f"is the inverse of {' or '.join(forward)}: set it there")
        if kind.schema is not None:
            for violation in self._plan.spec.schema(kind.schema).violations(record, kind.name):
                raise self._error(at + violation.path, violation.message)
        return record

    def _tokens(self, draft: Draft) -> dict[str, Token]:
        """The static tokens by their text; a refresh token is a session in the state."""
        tokens: dict[str, Token] = {}
        for name, raw in self._tree.get("tokens", {}).items():
            at = pointer("tokens", name)
            if "user" in raw:
                user = self._known(f"{at}/user", str(raw["user"]), "portal_user")
                portal = draft.collection("portal_user").get(user).get("portal_id", "")
                claims = MappingProxyType({"custom:portal_id": portal})
                tokens[name] = Token("portal", user, f"static:{name}", False, "", claims)
                if "refresh" in raw:
                    session = {"family": f"static:{name}", "portal_user_id": user}
                    draft.collection("session").put({"refresh_token": raw["refresh"], **session})
            elif "admin" in raw:
                org = str(raw.get("org", self._org))
                readonly = bool(raw.get("readonly", False))
                tokens[name] = Token("admin", name, f"static:{name}", readonly, org, MappingProxyType({}))
            else:
                claims = MappingProxyType(dict(self._value(raw.get("claims", {}), f"{at}/claims")))
                tokens[name] = Token("oidc", str(raw["oidc"]), f"static:{name}", False, "", claims)
        return tokens

    def _rules(self) -> tuple[Rule, ...]:
        rules = []
        for number, raw in enumerate(self._tree.get("rules", ())):
            at = f"/rules/{number}"
            value = self._value(raw, at)
            try:
                rule = rule_of(number, value)
            except ValueError as error:
                raise self._error(at, str(error)) from None
            if rule.reply is not None:
                self._check_reply(rule, at)
            rules.append(rule)
        return tuple(rules)

    def _check_reply(self, rule: Rule, at: str) -> None:
        """A canned reply keeps the contract; what shall break it is a `fault`."""
        assert rule.reply is not None
        status = rule.reply["status"]
        for name in sorted(rule.operations or self._plan.spec.operations):
            response = self._plan.spec.operations[name].response(status)
            if response is None:
                raise self._error(
                    f"{at}/reply/status", f"{name} documents no {status}; use `fault` to break the contract"
                )
            validator = response.validators.get(JSON_TYPE)
            if validator is not None:
                for violation in validator.violations(rule.reply.get("body"), "body"):
                    raise self._error(f"{at}/reply/body{violation.path}", violation.message)

    def _value(self, raw: Json, at: str) -> Json:
        """`raw` with every tag resolved."""
        if isinstance(raw, Tagged):
            return self._resolved(raw, at)
        if isinstance(raw, dict):
            return {name: self._value(item, f"{at}/{escape(name)}") for name, item in raw.items()}
        if isinstance(raw, list):
            return [self._value(item, f"{at}/{number}") for number, item in enumerate(raw)]
        return raw

    def _resolved(self, tagged: Tagged, at: str) -> Json:
        value = tagged.value
        if tagged.tag == "!rel":
            return relation(
                *(self._known(at, str(one)) for one in (value if isinstance(value, list) else [value]))
            )
        if not isinstance(value, str):
            raise self._error(at, f"{tagged.tag} needs a text")
        if tagged.tag == "!id":
            return self._known(at, value)
        if tagged.tag == "!file":
            return self._file(at, value)
        if tagged.tag == "!drop":
            raise self._error(at, "!drop removes something inherited; there is nothing here")
        try:
            moment = self._now + duration(value)
        except ValueError as error:
            raise self._error(at, str(error)) from None
        return timestamp(moment) if tagged.tag == "!time" else moment.astimezone(BERLIN).date().isoformat()

    def _known(self, at: str, path: str, only: str = "") -> str:
        kind, _, alias = path.partition("/")
        if kind not in self._aliases or (only and kind != only):
            raise self._error(at, f"{path!r} names no {only or 'collection'}{hint(kind, self._aliases)}")
        if alias not in self._aliases[kind]:
            raise self._error(at, f"there is no {path}{hint(alias, self._aliases[kind])}")
        return self._aliases[kind][alias]

    def _file(self, at: str, name: str) -> str:
        holder = next((file for file in self._plan.files if file.holds(at)), self._plan.files[0])
        folder = holder.path.parent.resolve()
        path = (folder / name).resolve()
        if not path.is_relative_to(folder) or not path.is_file():
            raise self._error(at, f"{name!r} is no file inside {folder.name}/")
        if path.stat().st_size > _FILE_BYTES:
            raise self._error(at, f"{name!r} is larger than {_FILE_BYTES // 2**20} MiB")
        try:
            return path.read_text("utf-8")
        except UnicodeDecodeError:
            raise self._error(at, f"{name!r} is not UTF-8") from None

    def _error(self, at: str, problem: str) -> ScenarioError:
        return ScenarioError(self._plan.where(at), problem)
