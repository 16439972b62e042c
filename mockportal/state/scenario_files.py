"""Scenario files: found by name, checked for their shape, and merged by alias along `extends`."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from mockportal.errors import FileError, hint
from mockportal.files.pointers import pointer_to
from mockportal.files.shape import check_shape
from mockportal.files.strict_yaml import Tagged, YamlFile, load_yaml
from mockportal.state.data_model import DataModel
from mockportal.state.scenario_schema import scenario_schema
from mockportal.values import Json, Record

_DEEPEST = 20


def load_files(
    name: str, folders: Sequence[Path], operation_ids: Iterable[str], data: DataModel
) -> tuple[tuple[YamlFile, ...], Record]:
    """The files of the scenario `name`, the most derived first, and their merged tree, tags unresolved.

    What a path extends is looked up beside it first. Raises `FileError`.
    """
    files: list[YamlFile] = []
    beside = (Path(name).parent,) if _is_path(name) else ()
    schema = scenario_schema(operation_ids, data)
    tree = _load(name, (*beside, *folders), schema, files, ())
    return tuple(reversed(files)), tree


def scenario_names(folders: Iterable[Path]) -> list[str]:
    """The scenarios that can be served by name."""
    return sorted({file.stem for folder in folders for file in folder.glob("*.yaml")})


def _load(
    name: str,
    folders: Sequence[Path],
    schema: Record,
    files: list[YamlFile],
    chain: tuple[str, ...],
) -> Record:
    if name in chain or len(chain) > _DEEPEST:
        raise FileError(name, "extends itself: " + " → ".join((*chain, name)))
    file = load_yaml(_find(name, folders))
    check_shape(file, schema)
    parents = file.value.get("extends", [])
    tree: Record = {}
    for parent in [parents] if isinstance(parents, str) else parents:
        tree = _merged(tree, _load(parent, folders, schema, files, (*chain, name)), file)
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
    raise FileError(name, f"is no scenario{hint(name, scenario_names(folders))}")


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
                where = file.where(pointer_to("entities", kind, alias))
                raise FileError(where, f"there is no {kind}/{alias} to drop{hint(alias, known)}")
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
