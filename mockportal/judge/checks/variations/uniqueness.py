"""Names that only one thing may have are not given a second time."""

from mockportal.json_tree import part
from mockportal.judge.checks.variations.variations import put
from mockportal.judge.context import Context
from mockportal.judge.knowledge import knowledge
from mockportal.values import Json


def taken_names_are_refused(context: Context) -> None:
    """A name or an address that only one thing may have, by the knowledge of the API, is refused where it is sent again
    after it was accepted, with the rest as it was; so is an address that differs in nothing but capitals."""
    if not context.target.isolation:
        return
    for name, fields in knowledge("variations")["unique"].items():
        if name not in context.operations or not context.usable(name):
            continue
        for field in fields:
            text = part(context.case(name).body, field)
            if isinstance(text, str):
                all(_is_refused(context, name, field, kind, again) for kind, again in _again(text).items())


def _is_refused(context: Context, name: str, field: str, kind: str, again: str) -> bool:
    world = f"{context.check}-{kind}-{name}"
    body: Json = context.case(name).body
    first = context.call(name, world=world)
    second = context.call(name, world=world, body=put(body, tuple(field.split(".")), again))
    if 200 <= first.status < 300 and second.received is not None:
        message = f"{field} {again} is taken already, and answered with {second.status}"
        return context.expect(second.status >= 400, name, f"{field} {kind}", message, first, second)
    return True


def _again(text: str) -> dict[str, str]:
    """The spellings that mean the same name."""
    return {"taken": text, **({"capitals": text.upper()} if "@" in text else {})}
