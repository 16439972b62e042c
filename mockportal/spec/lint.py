"""Findings of `mockportal check` about a spec: its oddities, and every place that the overlay changes."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mockportal.errors import SpecError
from mockportal.files.pointers import pointer_to
from mockportal.spec.dialect import schemas_of
from mockportal.spec.document import follow, operations
from mockportal.spec.overlay import Action, apply_overlay
from mockportal.spec.spec import Spec
from mockportal.spec.validation import check_schema
from mockportal.values import Record

_IMPLIED = "/responses"


@dataclass(frozen=True, slots=True)
class LintFinding:
    """Something worth knowing at a JSON pointer. `severity` is note (of the published document) or problem."""

    severity: str
    check: str
    pointer: str
    message: str

    def to_json(self) -> Record:
        """The finding as an object with four texts."""
        return {
            "severity": self.severity,
            "rule": self.check,
            "pointer": self.pointer,
            "message": self.message,
        }


def lint(raw: dict[str, Any], actions: list[Action], spec: Spec) -> list[LintFinding]:
    """Every oddity of the raw document, every pointer that the overlay touches, every problem that is left."""
    return [*_overlaid(raw, actions), *_oddities(raw), *_problems(spec)]


def _overlaid(raw: dict[str, Any], actions: list[Action]) -> Iterator[LintFinding]:
    document = copy.deepcopy(raw)
    for action in actions:
        for pointers in apply_overlay(document, [action]).values():
            for at in pointers:
                if at.endswith(_IMPLIED):
                    for status in action["update"]:
                        yield LintFinding("note", "implied-response", f"{at}/{status}", action["description"])
                else:
                    yield LintFinding("note", "overlay", at, action["description"])


def _oddities(raw: dict[str, Any]) -> Iterator[LintFinding]:
    modern = not str(raw["openapi"]).startswith("3.0")
    for tokens, schema in schemas_of(raw):
        for place, node in _nodes(schema, tokens):
            where = pointer_to(*place)
            if "$ref" in node and len(node) > 1 and not modern:
                ignored = ", ".join(sorted(node.keys() - {"$ref"}))
                yield LintFinding("note", "ref-siblings", where, f"ignored beside $ref: {ignored}")
            if node.get("nullable") and None not in node.get("enum", [None]):
                yield LintFinding("note", "nullable-enum", where, "nullable, but the enum forbids null")
            missing = [name for name in node.get("required", ()) if name not in node.get("properties", {})]
            if missing and "properties" in node and "allOf" not in node:
                yield LintFinding(
                    "note", "required-undefined", where, f"required, not defined: {', '.join(missing)}"
                )
    for path, method, operation, at in operations(raw):
        if operation.get("security", raw.get("security")) and "401" not in operation.get("responses", {}):
            yield LintFinding("note", "no-401", f"{at}/responses", "needs a token, documents no 401")
        if "security" not in operation:
            yield LintFinding(
                "note", "root-security", at, "has no security of its own: the root's alternatives apply"
            )
        if method in ("get", "delete") and "requestBody" in operation:
            yield LintFinding(
                "note", "body-on-" + method, f"{at}/requestBody", f"{method.upper()} {path} takes a body"
            )


def _problems(spec: Spec) -> Iterator[LintFinding]:
    """Faults that make the compiled contract unusable: invalid schemas, wrong examples."""
    for mode, shadow in spec.validators.schemas.items():
        if mode == "response":
            for name, schema in shadow.get("components", {}).get("schemas", {}).items():
                try:
                    check_schema(schema, pointer_to("components", "schemas", name))
                except SpecError as error:
                    yield LintFinding("problem", "schema", error.where, error.problem)
    try:
        spec.validators.check()
    except SpecError as error:
        yield LintFinding("problem", "reference", error.where, error.problem)
    for fault in spec.faults:
        yield LintFinding("problem", "quarantine", fault.where, fault.problem)
    yield from _bad_examples(spec)


def _bad_examples(spec: Spec) -> Iterator[LintFinding]:
    for operation in spec.operations.values():
        for response in operation.responses.values():
            for media_type, validator in response.validators.items():
                for name, example in response.examples.get(media_type, {}).items():
                    place = f"s{pointer_to(name)}" if name else ""
                    at = f"{response.pointer}/content{pointer_to(media_type)}/example{place}"
                    for violation in validator.violations(example, "example")[:1]:
                        yield LintFinding("problem", "example", at, f"{violation.path}: {violation.message}")
    for path, method, raw, at in operations(spec.document):
        known = spec.operations.get(raw.get("operationId", f"{method}{path}"))
        if known is None or known.pointer != at:
            continue  # in quarantine
        body, where = follow(spec.document, raw.get("requestBody", {}), f"{at}/requestBody")
        compiled = known.body
        for media_type, media in body.get("content", {}).items():
            named = {"example": media["example"]} if "example" in media else {}
            named |= {
                f"examples/{name}": value.get("value") for name, value in media.get("examples", {}).items()
            }
            if compiled is None or media_type not in compiled.validators:
                continue
            for name, example in named.items():
                for violation in compiled.validators[media_type].violations(example, "example")[:1]:
                    pointer = f"{where}/content{pointer_to(media_type)}/{name}"
                    yield LintFinding("problem", "example", pointer, f"{violation.path}: {violation.message}")


def _nodes(schema: Any, at: tuple[object, ...]) -> Iterator[tuple[tuple[object, ...], dict[str, Any]]]:
    """Every schema below (and with) this one, the values of `properties` and the branches of choices."""
    if not isinstance(schema, dict):
        return
    yield at, schema
    for key in ("items", "not", "additionalProperties"):
        yield from _nodes(schema.get(key), (*at, key))
    for key in ("allOf", "anyOf", "oneOf"):
        for number, item in enumerate(schema.get(key, ())):
            yield from _nodes(item, (*at, key, number))
    for name, item in schema.get("properties", {}).items():
        yield from _nodes(item, (*at, "properties", name))
