"""Hooks files: what is wrong in them is one line, and so is what they raise while the judge runs."""

from pathlib import Path

import pytest

from mockportal.errors import UsageError
from mockportal.judge.hooks.loading import Hooks, load_hooks
from mockportal.judge.hooks.marks import SeenAnswer

IMPORT = "from mockportal.judge.hooks import after_run, before_request, check\n"
ANSWER = SeenAnswer("getOrder", "GET", "/orders/{id}", "/orders/1", {}, b"", 200, {}, b"[]", [])


def loaded(tmp_path: Path, text: str) -> Hooks:
    path = tmp_path / "hooks.py"
    path.write_text(IMPORT + text)
    return load_hooks(path, {"hits_agree"})


def test_functions_are_found_by_their_marks(tmp_path: Path) -> None:
    hooks = loaded(
        tmp_path,
        "@check\ndef one(answer):\n    'Must be\\n    so.'\n    yield 'here', answer.operation\n"
        "@check(severity='low')\ndef two(answer): pass\n"
        "@before_request\ndef sign(request): pass\n"
        "@after_run\ndef tell(report): return 'done'\n",
    )

    assert {name: one.severity for name, one in hooks.checks.items()} == {"one": "medium", "two": "low"}
    assert (list(hooks.before), list(hooks.after)) == (["sign"], ["tell"])
    assert hooks.helps() == {"one": "Must be so.", "two": "two"}
    assert list(hooks.wrongs("one", ANSWER)) == [("here", "getOrder")]
    assert list(hooks.wrongs("two", ANSWER)) == []
    assert hooks.notes({}) == ["done"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("def f(:\n", ":2: is not Python: invalid syntax"),
        ("import no_such_module\n", ":2: raised ModuleNotFoundError: No module named 'no_such_module'"),
        ("def f(): raise ValueError\nf()\n", ":2: raised ValueError"),
        ("@check(severity='grave')\ndef f(a): pass\n", ":2: raised ValueError: the severity 'grave' is none of critical,"),
        ("\n@check\ndef f(): pass\n", ":3: f has to be a function of one argument"),
        ("@after_run\nasync def f(r): pass\n", ":2: f has to be a function of one argument"),
        ("f = check(7)\n", ": f has to be a function of one argument"),
        ("@check\ndef hits_agree(a): pass\n", ":2: hits_agree is the name of a check already"),
        ("@check\ndef Grün(a): pass\n", ":2: Grün is no name like totals_add_up"),
        ("\x00", ": is not Python: source code string cannot contain null bytes"),
    ],
)  # fmt: skip
def test_mistake_is_one_line_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(UsageError) as error:
        loaded(tmp_path, text)

    assert str(error.value).startswith(f"{tmp_path / 'hooks.py'}{problem}")


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("nothing.py", "marks no function with check, before_request or after_run"),
        ("missing.py", "cannot be read (No such file or directory)"),
    ],
)
def test_file_that_gives_nothing_is_named_with_the_flag(tmp_path: Path, name: str, problem: str) -> None:
    (tmp_path / "nothing.py").write_text(IMPORT)

    with pytest.raises(UsageError) as error:
        load_hooks(tmp_path / name, ())

    assert str(error.value) == f"--hooks {tmp_path / name}: {problem}"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("return answer.body['x']", ":3: f raised TypeError: list indices must be integers or slices, not str"),
        ("return 7", ": f raised TypeError: 'int' object is not iterable"),
        ("yield 1", ": f raised TypeError: cannot unpack non-iterable int object"),
        ("raise KeyboardInterruptLike()", ":3: f raised NameError: name 'KeyboardInterruptLike' is not defined"),
    ],
)  # fmt: skip
def test_check_that_raises_is_named_and_not_called_again(tmp_path: Path, body: str, problem: str) -> None:
    hooks = loaded(tmp_path, f"@check\ndef f(answer): {body}\n")

    assert list(hooks.wrongs("f", ANSWER)) == []
    assert list(hooks.wrongs("f", ANSWER)) == []
    assert hooks.failed == {"f": f"{tmp_path / 'hooks.py'}{problem}"}


def test_function_that_raises_after_the_run_is_named(tmp_path: Path) -> None:
    hooks = loaded(tmp_path, "@after_run\ndef f(report): return report['x']\n")

    assert hooks.notes({}) == []
    assert hooks.failed == {"f": f"{tmp_path / 'hooks.py'}:3: f raised KeyError: 'x'"}
