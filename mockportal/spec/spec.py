"""The spec: a document with its overlay, read once into operations, routes and validators."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import orjson

from mockportal.errors import SpecError
from mockportal.spec.conversion.faults import Faults, sound_schemas, take_out_wrong_kinds
from mockportal.spec.conversion.normal_form import load_openapi
from mockportal.spec.conversion.servers import base_paths
from mockportal.spec.operations import Operation, compile_operations
from mockportal.spec.overlay import Action, apply_overlay, load_overlay
from mockportal.spec.routes import Routes
from mockportal.spec.validation import Validator, Validators
from mockportal.values import Record


@dataclass(frozen=True, slots=True)
class Spec:
    """`document` is what was read, overlay applied; `sha256` is over its canonical JSON.

    `quarantine` are the operations that cannot be answered, and `faults` all that was found wrong, those in components
    that nothing uses included.
    """

    document: Record
    operations: Mapping[str, Operation]
    quarantine: tuple[Operation, ...]
    faults: tuple[SpecError, ...]
    routes: Routes
    validators: Validators
    sha256: str
    strict: bool

    @property
    def tags(self) -> set[str]:
        """The tags of all operations."""
        return {tag for operation in self.operations.values() for tag in operation.tags}

    def schema(self, name: str) -> Validator:
        """The validator of a component schema, as it is answered."""
        return self.validators.at("response", f"/components/schemas/{name}")


def load_spec(path: Path, overlay: Path | None, put_aside: bool = False) -> Spec:
    """Raises `SpecError` for a file that cannot be read, an overlay that does not fit, a schema that does not
    compile. With `put_aside`, what is wrong in one operation or component leaves the others alone."""
    document = load_openapi(path)
    actions = load_overlay(overlay) if overlay is not None else []
    return compile_spec(document, actions, str(path), str(overlay), put_aside)


def compile_spec(
    document: Record, actions: list[Action], where: str, overlay: str = "overlay", put_aside: bool = False
) -> Spec:
    """The spec of `document`, which `actions` change in place; without any, the raw truth (`strict` is then false).

    Raises `SpecError`; with `put_aside` only for what is wrong with the document as a whole.
    """
    if not str(document.get("openapi", "")).startswith("3."):
        raise SpecError(where, "is not an OpenAPI 3 document")
    apply_overlay(document, actions, overlay)
    faults = Faults(put_aside)
    try:
        take_out_wrong_kinds(document, faults)
        validators, compiled, broken = _compiled(document, faults)
    except SpecError as error:
        raise SpecError(f"{where}: {error.where}", error.problem) from None
    return Spec(
        document=document,
        operations=MappingProxyType(compiled),
        quarantine=tuple(broken),
        faults=tuple(faults.found),
        routes=Routes([*compiled.values(), *broken], base_paths(document)),
        validators=validators,
        sha256=hashlib.sha256(_canonical(document)).hexdigest(),
        strict=bool(actions),
    )


def _compiled(document: Record, faults: Faults) -> tuple[Validators, dict[str, Operation], list[Operation]]:
    """The validators, the operations, and those that cannot be answered.

    All schemas are tried together; one by one only if that fails, to find those that are wrong.
    """
    shadows, version = sound_schemas(document, faults), str(document["openapi"])
    tried, validators = faults.copied(), Validators(version, shadows)
    compiled, broken = compile_operations(document, validators, tried)
    if validators.all_compile():
        faults.found = tried.found
        return validators, compiled, broken
    validators = Validators(version, shadows, eager=True)
    compiled, broken = compile_operations(document, validators, faults)
    validators.check_components(faults.add)
    return validators, compiled, broken


def _canonical(document: Record) -> bytes:
    try:
        return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # an integer beyond 64 bits
        return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
