"""The changelog at a release."""

import pytest

from release.changelog import Unchanged, released

CHANGELOG = """# Changelog

About.

## Unreleased

### Added

- One thing.

## 1.0.0 - 2026-01-02

- The first.
"""


def test_unreleased_entries_get_their_version_and_date() -> None:
    assert (
        released(CHANGELOG, "1.1.0", "2026-11-28")
        == """# Changelog

About.

## Unreleased

## 1.1.0 - 2026-11-28

### Added

- One thing.

## 1.0.0 - 2026-01-02

- The first.
"""
    )


@pytest.mark.parametrize(
    ("text", "version", "problem"),
    [
        (released(CHANGELOG, "1.1.0", "2026-11-28"), "1.2.0", "nothing is unreleased"),
        ("# Changelog\n", "1.2.0", "nothing is unreleased"),
        (CHANGELOG, "1.0.0", "1.0.0 is released already"),
    ],
)
def test_changelog_without_news_or_with_the_version_is_refused(text: str, version: str, problem: str) -> None:
    with pytest.raises(Unchanged, match=problem):
        released(text, version, "2026-11-28")
