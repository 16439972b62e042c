"""The changelog at a release: what was unreleased gets its version and its date."""

UNRELEASED = "\n## Unreleased\n"


class Unchanged(Exception):
    """The changelog cannot be turned."""


def released(text: str, version: str, date: str) -> str:
    """The changelog with its unreleased entries under a version, such as `1.2.0`, and a date, such as `2026-11-28`.

    Raises `Unchanged` if there is nothing to release, or if the version is there already.
    """
    before, heading, after = text.partition(UNRELEASED)
    entries = after.partition("\n## ")[0]
    if not heading or "\n- " not in entries:
        raise Unchanged("CHANGELOG.md: nothing is unreleased")
    if f"\n## {version} " in text:
        raise Unchanged(f"CHANGELOG.md: {version} is released already")
    return f"{before}{UNRELEASED}\n## {version} - {date}\n{after}"
