"""Scenario files: found by name, checked for their shape, and merged by alias along `extends`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mockportal.errors import FileError, Place, hint
from mockportal.files.inline import load_json
from mockportal.files.pointers import leads_somewhere, pointer_to, resolve
from mockportal.files.shape import mistakes
from mockportal.files.shape_problems import known_names, shown
from mockportal.files.strict_yaml import Report, Tagged, YamlFile, fail, load_yaml
from mockportal.files.text import shown_name
from mockportal.spec.spec import Spec
from mockportal.state.data_model import DataModel
from mockportal.state.scenario_schema import scenario_schema
from mockportal.values import Json, Record

_DEEPEST = 100
_JSON = ".json"
_ENDINGS = (".yaml", ".yml", _JSON)
_PLAIN = ("about", "extends", "seed", "clock", "certificate_header")  # no tag is resolved in these


def load_files(
    source: str | YamlFile,
    folders: Sequence[Path],
    spec: Spec,
    data: DataModel,
    report: Report = fail,
) -> tuple[tuple[YamlFile, ...], Record, list[Path]]:
    """The files of a scenario, by its name or from its own file on, the most derived first; their merged tree, tags
    unresolved; and the folders of which all files were read.

    What a path extends is looked up beside it first. A file that is extended twice counts once, where it is met first.
    Raises `FileError`, or reports mistakes and leaves out the files that have them.
    """
    beside = (Path(source).parent,) if isinstance(source, str) and is_path(source) else ()
    loading = _Loading((*beside, *folders), scenario_schema(spec.operations, data, spec.tags), report)
    if isinstance(source, str):
        _load(source, loading, None, ())
    elif _is_usable(source, [], loading):
        _add(source, loading, ())
    files = loading.files
    tree: Record = {}
    for file in files:
        tree = _merged(tree, file, report)
    return tuple(reversed(files)), tree, loading.whole


def scenario_names(folders: Iterable[Path]) -> list[str]:
    """The scenarios that can be served by name."""
    return sorted({file.stem for folder in folders for file in folder.glob("*.yaml")})


def scenario_list(folders: Sequence[Path]) -> list[Record]:
    """`{name, about}` of every scenario that can be served by name, and the `problem` of one that cannot be read."""
    return [_introduced(name, _find(name, folders, None)) for name in scenario_names(folders)]


def _introduced(name: str, path: Path) -> Record:
    try:
        value = load_yaml(path).value
    except FileError as error:
        return {"name": name, "about": "", "problem": str(error)}
    about = value.get("about", "") if isinstance(value, dict) else ""
    return {"name": name, "about": str(about)}


def dropped(files: Iterable[YamlFile], kind: str, alias: str) -> Place | None:
    """The place at which one of the files drops a record."""
    at = pointer_to("entities", kind, alias)
    for file in files:
        if leads_somewhere(file.value, at):
            return file.place(at) if _is_drop(resolve(file.value, at)) else None
    return None


def place_in(files: Sequence[YamlFile], at: str) -> Place:
    """The place of the value at a pointer of the merged tree: in the most derived file that has most of it."""
    if not at.startswith("/rules/"):
        return max(files, key=lambda file: file.depth(at)).place(at)
    step, _, rest = at.removeprefix("/rules/").partition("/")
    number = int(step)
    for file in files:  # the rules of a file come before the inherited ones
        own = len(file.value.get("rules", ()))
        if number < own:
            return file.place(pointer_to("rules", number) + (f"/{rest}" if rest else ""))
        number -= own
    return files[0].place(at)


@dataclass(frozen=True, slots=True)
class _Loading:
    """The folders in which names are looked up, and the files so far: each after those that it extends. The files of
    `whole` folders are all among them."""

    folders: tuple[Path, ...]
    schema: Record
    report: Report
    files: list[YamlFile] = field(default_factory=list)
    met: set[Path] = field(default_factory=set)
    whole: list[Path] = field(default_factory=list)


def _load(name: str, loading: _Loading, asked: Place | None, chain: tuple[tuple[Path, str], ...]) -> None:
    """Adds a file and what it extends, or all files of a folder; `asked` is where another file of the `chain` names
    it."""
    try:
        if name.endswith("/"):
            files = _files_in(name, loading.folders, asked)
            loading.whole.append(files[0].parent)
            for path in files:
                _load(str(path), loading, asked, chain)
            return
        path = _find(name, loading.folders, asked)
        identity = _identity(path)
        _check_chain(name, identity, asked, chain)
        if identity in loading.met:
            return
        loading.met.add(identity)
        file = _read(path, loading)
    except FileError as mistake:
        loading.report(mistake)
        return
    if file is not None:
        _add(file, loading, (*chain, (identity, name)))


def _add(file: YamlFile, loading: _Loading, chain: tuple[tuple[Path, str], ...]) -> None:
    """Adds a file, after those that it extends."""
    for at, parent in _parents(file):
        _load(parent, loading, file.place(at), chain)
    loading.files.append(file)


def _check_chain(name: str, identity: Path, asked: Place | None, chain: tuple[tuple[Path, str], ...]) -> None:
    """Raises `FileError` for a file that is extended by itself, or over too many others."""
    where = asked or shown_name(name)
    if any(identity == one for one, _ in chain):
        names = " → ".join(shown_name(one) for one in (*(one for _, one in chain), name))
        raise FileError(where, f"extends itself: {names}")
    if len(chain) > _DEEPEST:
        raise FileError(where, f"is extended over more than {_DEEPEST} files")


def _read(path: Path, loading: _Loading) -> YamlFile | None:
    """The file; None after its mistakes have been reported. Raises `UnusableFile`."""
    found: list[FileError] = []
    file = load_json(path) if path.suffix == _JSON else load_yaml(path, report=found.append)
    return file if _is_usable(file, found, loading) else None


def _is_usable(file: YamlFile, found: list[FileError], loading: _Loading) -> bool:
    """False after the mistakes that were found, or are in its shape, have been reported."""
    problems = found or mistakes(file, loading.schema) or list(_misplaced(file, loading.schema))
    for problem in problems:
        loading.report(problem)
    return not problems


def _parents(file: YamlFile) -> list[tuple[str, str]]:
    """The files that a file extends, each with its pointer."""
    named = file.value.get("extends", [])
    if isinstance(named, str):
        return [("/extends", named)]
    return [(f"/extends/{number}", one) for number, one in enumerate(named)]


def _misplaced(file: YamlFile, schema: Record) -> Iterator[FileError]:
    """Tags and texts that the schema lets stand, because it cannot see tags, and that nothing can be made of."""
    for key in _PLAIN:
        value = file.value.get(key)
        inside = value.items() if isinstance(value, dict) else enumerate(_listed(value))
        for at, one in ((pointer_to(key), value), *((pointer_to(key, name), one) for name, one in inside)):
            if isinstance(one, Tagged):
                yield FileError(file.place(at), f"the tag {one.tag} cannot stand here")
    forms = schema["properties"]["tokens"]["additionalProperties"]["oneOf"]
    known = sorted({name for form in forms for name in form.get("properties", ())})
    for kind, records in file.value.get("entities", {}).items():
        what = "record: write its attributes as keys, or `!drop`"
        yield from _texts(file, records, what, "entities", kind)
    what = f"token: write who it is as keys{known_names(known)}, or `!drop`"
    yield from _texts(file, file.value.get("tokens", {}), what, "tokens")


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _texts(file: YamlFile, entries: Record, what: str, *above: str) -> Iterator[FileError]:
    for alias, entry in entries.items():
        entry = entry.value if _is_patch(entry) else entry
        place = file.place(pointer_to(*above, alias)) if not isinstance(entry, dict) else None
        if place is not None and isinstance(entry, Tagged) and not _is_drop(entry):
            yield FileError(place, f"the tag {entry.tag} cannot stand here")
        elif place is not None and not _is_drop(entry):
            yield FileError(place, f"{shown(entry)} is no {what}")


def is_path(name: str) -> bool:
    """True for a name that is looked up as it stands: a file by its ending, or a folder."""
    return name.endswith((*_ENDINGS, "/"))


def _find(name: str, folders: Sequence[Path], asked: Place | None) -> Path:
    if is_path(name):
        return Path(name)
    for folder in folders:
        path = folder / f"{name}.yaml"
        if _is_inside(path, folder):
            return path
    short = shown_name(name)
    near = hint(name, scenario_names(folders))
    if asked is None:
        raise FileError(short, f"is not a known scenario{near}")
    raise FileError(asked, f"{short}: is not a known scenario{near}")


def _files_in(name: str, folders: Sequence[Path], asked: Place | None) -> list[Path]:
    """The files of the folder with this name, in the order of their names. Raises `FileError` if there are none."""
    where = (Path(), *folders) if asked is None else folders
    found = (sorted(one for one in (folder / name).glob("*") if one.suffix in _ENDINGS) for folder in where)
    files: list[Path] = next(filter(None, found), [])
    if not files:
        problem = f"is no folder with files that end in {', '.join(_ENDINGS)}"
        short = shown_name(name)
        raise FileError(short, problem) if asked is None else FileError(asked, f"{short}: {problem}")
    return files


def _is_inside(path: Path, folder: Path) -> bool:
    """True if it is a file in the folder, or below it."""
    try:
        return path.is_file() and path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # a name that no file can have, or a circle of links
        return False


def _identity(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError):
        return path


def _is_drop(value: Json) -> bool:
    return isinstance(value, Tagged) and value.tag == "!drop"


def _is_patch(value: Json) -> bool:
    return isinstance(value, Tagged) and value.tag == "!patch"


def _merged(base: Record, file: YamlFile, report: Report) -> Record:
    """The file on top of `base`: entities and tokens by alias, rules before the inherited ones."""
    over: Record = file.value
    merged = base | {
        key: value for key, value in over.items() if key not in ("extends", "entities", "tokens")
    }
    merged["rules"] = [*over.get("rules", ()), *base.get("rules", ())]
    merged["expect"] = over.get("expect", [])
    merged["tokens"] = dict(base.get("tokens", {}))
    _patch_all(merged["tokens"], over.get("tokens", {}), file, report, "tokens")
    merged["entities"] = {kind: dict(records) for kind, records in base.get("entities", {}).items()}
    for kind, records in over.get("entities", {}).items():
        known = merged["entities"].setdefault(kind, {})
        _patch_all(known, records, file, report, "entities", kind)
    return merged


def _patch_all(known: Record, over: Record, file: YamlFile, report: Report, *above: str) -> None:
    """Merges records or tokens into the inherited ones."""
    for alias, entry in over.items():
        wanted = "drop" if _is_drop(entry) else "patch" if _is_patch(entry) else ""
        if wanted and alias not in known:
            name = "/".join((*above[1:], alias)) if len(above) > 1 else alias
            why = "" if "extends" in file.value else "no `extends`, so "
            problem = f"{why}there is no {name} to {wanted}{hint(alias, known)}"
            report(FileError(file.place(pointer_to(*above, alias)), problem))
        elif wanted == "drop":
            del known[alias]
        elif file.has_tags or alias in known:
            known[alias] = _patched(known.get(alias, {}), entry.value if wanted else entry)
        else:
            known[alias] = entry


def _patched(base: Json, over: Json) -> Json:
    """A merge patch in which `!drop` removes."""
    if not isinstance(over, dict):
        return over
    made = dict(base) if isinstance(base, dict) else {}
    for name, value in over.items():
        if _is_drop(value):
            made.pop(name, None)
        else:
            made[name] = _patched(made.get(name), value)
    return made
