"""`docs/limits.md`, made of the limits themselves; `scripts/reference` writes it."""

from dataclasses import fields

from mockportal.config import LIMITS, Limits

_HEAD = """# Limits

What clients send, ask for and keep has limits, so that no request stops the mock or grows it without end.
A refusal names its limit; nothing of a refused request is done.
`mockportal serve --limit NAME=VALUE` changes one, and may be given several times:

```sh
mockportal serve --limit body=4194304 --limit header_seconds=2.5
```

`upload` is for services, such as the file store, for operations that take a file, and for the control API;
`body` is for everything else.
Trailers and the lines between the pieces of a body count like headers.
Patterns of the document and of rules need no limit: the time of their engine grows with the text alone.

| limit | default | unit | status | message or effect |
|---|---|---|---|---|
"""


def page() -> str:
    """The page as it has to be."""
    return _HEAD + "".join(_row(name) for name in (one.name for one in fields(Limits)))


def _row(name: str) -> str:
    metadata = Limits.__dataclass_fields__[name].metadata
    default = f"{Limits.__dataclass_fields__[name].default:,}"
    about = (
        metadata["about"].format(f"{getattr(LIMITS, name):,}") if metadata["status"] else metadata["about"]
    )
    return f"| `{name}` | {default} | {metadata['unit']} | {metadata['status'] or '-'} | {about} |\n"
