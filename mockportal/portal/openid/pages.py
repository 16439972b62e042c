"""Web pages of the services: rendered from the templates of this package, in a strict content security policy."""

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from mockportal.engine.call import Reply
from mockportal.state.clock import instant
from mockportal.values import Json

AUTOMATIC = "document.forms[0].submit()"  # the one script there is: it posts an answer to the client


def _moment(text: Json) -> str:
    """`2026-06-15 07:00 UTC`; anything but an instant stays as it is."""
    try:
        return f"{instant(str(text)):%Y-%m-%d %H:%M} UTC"
    except ValueError:
        return str(text)


_FOLDER = Path(__file__).with_name("templates")
_STYLE = (_FOLDER / "style.css").read_text()
_PAGES = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.globals["style"] = Markup(_STYLE)
_PAGES.filters["moment"] = _moment


def page(
    status: int, template: str, *, script: str = "", form_action: Iterable[str] = (), **shown: Json
) -> Reply:
    """A page that loads nothing from anywhere, runs at most `script`, and sends forms to itself and `form_action`."""
    text = _PAGES.get_template(f"{template}.html").render(script=Markup(script), **shown)
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": _policy(script, form_action),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Reply(status, text.encode("utf-8", "replace"), headers)


def error_page(status: int, error: str, description: str) -> Reply:
    """The page for a request that cannot be answered anywhere else."""
    return page(status, "error", error=error, description=description)


def _policy(script: str, form_action: Iterable[str]) -> str:
    scripts = _hash(script) if script else "'none'"
    forms = " ".join(dict.fromkeys(["'self'", *form_action]))
    return (
        f"default-src 'none'; style-src {_hash(_STYLE)}; script-src {scripts}; form-action {forms};"
        " base-uri 'none'; frame-ancestors 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
