"""Scenario files: found by name, checked for their shape, and merged by alias along `extends`."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import jsonschema_rs
from jsonschema import Draft202012Validator, ValidationError

from mockportal.errors import ScenarioError, hint
from mockportal.spec.document import escape, pointer
from mockportal.state.scenario_schema import scenario_schema
from mockportal.state.strict_yaml import Tagged, YamlFile, load_yaml
from mockportal.values import Json, Record

_DEEPEST = 20
_MESSAGE = 300
_URGENT = {"additionalProperties": 0, "enum": 1, "type": 2}


def load_files(
    name: str, folders: Sequence[Path], operation_ids: Iterable[str]
) -> tuple[tuple[YamlFile, ...], Record]:
    """The files of the scenario `name`, the most derived first, and their merged tree, tags unresolved.

    What a path extends is looked up beside it first. Raises `ScenarioError`.
    """
    files: list[YamlFile] = []
    beside = (Path(name).parent,) if _is_path(name) else ()
    tree = _load(name, (*beside, *folders), operation_ids, files, ())
    return tuple(reversed(files)), tree


def scenario_names(folders: Iterable[Path]) -> list[str]:
    """The scenarios that can be served by name."""
    return sorted({file.stem for folder in folders for file in folder.glob("*.yaml")})


def _load(
    name: str,
    folders: Sequence[Path],
    operation_ids: Iterable[str],
    files: list[YamlFile],
    chain: tuple[str, ...],
) -> Record:
    if name in chain or len(chain) > _DEEPEST:
        raise ScenarioError(name, "extends itself: " + " → ".join((*chain, name)))
    file = load_yaml(_find(name, folders))
    _check_shape(file, operation_ids)
    parents = file.value.get("extends", [])
    tree: Record = {}
    for parent in [parents] if isinstance(parents, str) else parents:
        tree = _merged(tree, _load(parent, folders, operation_ids, files, (*chain, name)), file)
    files.append(file)
    return _merged(tree, file.value, file)


def _is_path(name: str) -> bool:
    return name.endswith((".yaml", ".yml"))


def _find(name: str, folders: Sequence[Path]) -> Path:
    if _is_path(name):
        return Path(name)
    for folder in folders:
        path = folder / f"{name}.yaml"
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            return path
    raise ScenarioError(name, f"is no scenario{hint(name, scenario_names(folders))}")


def _check_shape(file: YamlFile, operation_ids: Iterable[str]) -> None:
    """Raises `ScenarioError` for the first mistake; unknown keys and names come before what follows from them."""
    schema, value = scenario_schema(operation_ids), _untagged(file.value)
    if not jsonschema_rs.Draft202012Validator(schema).is_valid(value):
        found = [leaf for error in Draft202012Validator(schema).iter_errors(value) for leaf in _leaves(error)]
        raise _mistake(min(found, key=_urgency), file)


def _urgency(error: ValidationError) -> tuple[int, int]:
    return _URGENT.get(str(error.validator), 9), -len(error.absolute_path)


def _mistake(error: ValidationError, file: YamlFile) -> ScenarioError:
    at = pointer(*error.absolute_path)
    schema: Json = error.schema
    instance: Json = error.instance
    if error.validator == "additionalProperties":
        known = list(schema["properties"])
        unknown = next(name for name in instance if name not in known)
        where = file.where(f"{at}/{escape(unknown)}")
        return ScenarioError(where, f"unknown key {unknown!r}{hint(unknown, known)}")
    if error.validator == "enum" and isinstance(instance, str):
        what = {"/entities": "collection"}.get(at, "operation" if at.endswith("/operation") else "value")
        known = [name for name in schema["enum"] if isinstance(name, str)]
        return ScenarioError(file.where(at), f"unknown {what} {instance!r}{hint(instance, known)}")
    problem = error.message if len(error.message) < _MESSAGE else "has the wrong shape"
    return ScenarioError(file.where(at), problem)


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    if not error.context:
        yield error
    for inner in error.context or ():
        yield from _leaves(inner)


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
