"""Places in files, for tests that care about the line and not about the column."""

import re


def without_column(text: str) -> str:
    """`x.yaml:2:5: /a: problem` as `x.yaml:2: /a: problem`."""
    return re.sub(r"(:\d+):\d+(?=: )", r"\1", text, count=1)
