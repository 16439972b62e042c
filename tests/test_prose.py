"""Docstrings say what is true of the result, and do not open with a question word (CONTRIBUTING, Prose)."""

import ast
import re
from pathlib import Path

import mockportal

QUESTION = re.compile(r"(what|which|who|whom|whose|where|when|how|why)\b", re.IGNORECASE)


def test_no_docstring_opens_with_a_question_word() -> None:
    found = []
    for path in sorted(Path(mockportal.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                text = ast.get_docstring(node) or ""
                if QUESTION.match(text):
                    found.append(f"{path.name}: {text.splitlines()[0]}")

    assert found == []
