"""Packages of behaviours whose code has a mistake."""

import re
from pathlib import Path

import pytest

from mockportal.engine.api import load_api
from mockportal.errors import BehaviourError
from mockportal.spec.spec import Spec


@pytest.mark.parametrize("module", ["__init__.py", "orders.py", "deep/__init__.py"])
@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("def broken(:\n", "is not Python: invalid syntax"),
        ("x = unknown\n", "cannot be imported: NameError: name 'unknown' is not defined"),
        ("import nothing_here\n", "cannot be imported: No module named 'nothing_here'"),
        ("1 / 0\n", "cannot be imported: ZeroDivisionError: division by zero"),
        ("x = '\x00'\n", "null bytes"),
    ],
)
def test_mistake_in_the_code_of_a_behaviour_is_one_line(
    spec: Spec, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, module: str, code: str, problem: str
) -> None:
    name = f"acme_{tmp_path.name}"
    path = tmp_path / name / module
    path.parent.mkdir(parents=True)
    (tmp_path / name / "__init__.py").touch()
    path.write_text(code)
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(BehaviourError) as caught:
        load_api(name, spec)

    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (
            "from mockportal.engine.api import Api\nONE, OTHER = Api(), Api(open=False)\n",
            "describes more than one Api",
        ),
        (
            "from mockportal.engine.api import admission\n"
            "@admission\ndef one(operation, caller, draft): return caller\n"
            "@admission\ndef other(operation, caller, draft): return caller\n",
            "are both marked @admission",
        ),
        (
            "from mockportal.engine.api import operation\n"
            "@operation('getPortalUser')\ndef one(call, state): return {}\n"
            "@operation('getPortalUser')\ndef other(call, state): return {}\n",
            "'getPortalUser' is answered by",
        ),
        (
            "from mockportal.engine.api import operation\n"
            "@operation('getPortalUsr')\ndef one(call, state): return {}\n",
            "the spec has no operation 'getPortalUsr'; did you mean 'getPortalUser'?",
        ),
    ],
)
def test_package_that_contradicts_itself_or_the_document_is_refused(
    spec: Spec, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str, problem: str
) -> None:
    name = f"acme_{tmp_path.name}"
    (tmp_path / f"{name}.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(BehaviourError, match=re.escape(problem)):
        load_api(name, spec)
