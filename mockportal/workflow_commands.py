"""Workflow commands of GitHub Actions, which show as annotations."""

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def workflow_command(name: str, title: str, message: str) -> str:
    """`::error title=getOrder::what is wrong`, whatever characters are in it."""
    return f"::{name} title={title.translate(_PROPERTY)}::{message.translate(_DATA)}"
