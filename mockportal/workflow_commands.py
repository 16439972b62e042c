"""Workflow commands of GitHub Actions, which show as annotations."""

from mockportal.errors import Place

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def workflow_command(name: str, title: str, message: str, place: Place | None = None) -> str:
    """`::error title=getOrder::what is wrong`, whatever characters are in it; with `place` shown at that line."""
    properties = {"title": title}
    if place is not None:
        properties |= {"file": place.file}
    if place is not None and place.line:
        properties |= {"line": str(place.line), "col": str(place.column)}
    listed = ",".join(f"{key}={value.translate(_PROPERTY)}" for key, value in properties.items())
    return f"::{name} {listed}::{message.translate(_DATA)}"
