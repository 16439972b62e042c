"""What the commands say to documents after public bug reports; each test, or case of one, has the name of its report."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from mockportal.cli import main
from mockportal.values import Json, encode
from tests.support.servers import Answer, recording

HEAD = "openapi: 3.1.0\ninfo: {title: Library, version: '1'}\n"
ANY = "responses: {200: {description: fine, content: {application/json: {schema: {type: object}}}}}"
FLAGS = ("--rate", "0", "--seed", "1", "--allow-untested")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of a user who has nothing but a document, and a scenario without records."""
    monkeypatch.chdir(tmp_path)
    Path("default.yaml").write_text("about: nothing\n")


def body_of(schema: str) -> str:
    body = f"requestBody: {{required: true, content: {{application/json: {{schema: {schema}}}}}}}"
    return f"{HEAD}paths: {{/books: {{post: {{operationId: add, {body}, {ANY}}}}}}}\n"


def compared(old: str, new: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    Path("old.yaml").write_text(old)
    Path("new.yaml").write_text(new)
    code = main(["contract", "--spec", "new.yaml", "--against", "old.yaml"])
    return code, capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "more", "witness"),
    [
        ("type: array", "contains: {const: novel}", "[]"),
        (
            "type: object, properties: {row: {type: integer}}",
            "dependentRequired: {row: [shelf]}",
            '{"row": 0}',
        ),
        ("type: object", "if: {}, then: {required: [title]}", "{}"),
        ("type: string", "not: {maxLength: 3}", '"xx"'),
        ("type: object", "patternProperties: {^x: {type: integer}}", '{"x": []}'),
        ("type: array", "prefixItems: [{type: integer}]", "[[]]"),
        ("type: object", "propertyNames: {maxLength: 2}", '{"xxx": 1}'),
        ("type: object, properties: {title: {}}", "unevaluatedProperties: false", '{"other": 1}'),
    ],
)
def test_against_keywords_31(old: str, more: str, witness: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = compared(body_of(f"{{{old}}}"), body_of(f"{{{old}, {more}}}"), capsys)

    assert (code, told.count("breaking add")) == (1, 1)
    assert f": {witness} was valid and is refused now" in told


def test_against_prefix_to_server(capsys: pytest.CaptureFixture[str]) -> None:
    old = f"{HEAD}servers: [{{url: 'https://library.example'}}]\npaths: {{/v1/books: {{get: {{operationId: list, {ANY}}}}}}}\n"
    new = f"{HEAD}servers: [{{url: 'https://library.example/v1'}}]\npaths: {{/books: {{get: {{operationId: list, {ANY}}}}}}}\n"

    code, told = compared(old, new, capsys)

    assert (code, told.count("breaking ")) == (0, 0)
    assert "the full URL is the same" in told


def test_against_type_list(capsys: pytest.CaptureFixture[str]) -> None:
    old = body_of("{type: object, properties: {isbn: {oneOf: [{type: string}, {type: integer}]}}}")
    new = body_of("{type: object, properties: {isbn: {type: [string, integer]}}}")

    code, told = compared(old, new, capsys)

    assert (code, told) == (0, "old.yaml -> new.yaml: 0 breaking, 0 risky, 0 safe\n")


WITHOUT_IDS = (
    f"{HEAD}paths:\n  /books:\n    get:\n      parameters: [{{name: tags, in: query, schema: {{type: array,"
    f" items: {{type: string}}}}}}]\n      {ANY}\n"
)


def test_check_other_document(capsys: pytest.CaptureFixture[str]) -> None:
    Path("library.yaml").write_text(WITHOUT_IDS)

    code = main(["check", "default.yaml", "--spec", "library.yaml", "--scenarios", "."])

    assert (code, capsys.readouterr().out) == (0, "")


def test_drift_no_operation_id(capsys: pytest.CaptureFixture[str]) -> None:
    Path("library.yaml").write_text(WITHOUT_IDS)

    code = main(["drift", "mock", "mock", "--spec", "library.yaml", "--scenarios", "."])

    assert code == 0
    assert capsys.readouterr().out.startswith("no drift: ")


def test_swagger2(capsys: pytest.CaptureFixture[str]) -> None:
    Path("library.yaml").write_text("swagger: '2.0'\ninfo: {title: Library, version: '1'}\npaths: {}\n")

    code = main(["serve", "--spec", "library.yaml"])

    assert (code, capsys.readouterr().err) == (2, "mockportal: library.yaml: is not an OpenAPI 3 document\n")


def test_yaml_tags(capsys: pytest.CaptureFixture[str]) -> None:
    fields = "zip: 04109, text: !!str 04109, bare: ! 7, code: !!python/name:os.remove '', set: !!set {a, b}"
    Path("mine.yaml").write_text(
        f"about: Tags of YAML.\nextends: default\nentities: {{contact: {{kim: {{{fields}}}}}}}\n"
    )

    code = main(["check", "mine.yaml"])

    told = capsys.readouterr().out
    assert code == 1
    places = ("/entities/contact/kim/bare", "/entities/contact/kim/code", "/entities/contact/kim/set")
    assert [place in told for place in places] == [True, True, True]
    assert "/kim/text" not in told


MEDIA_TYPES: Mapping[str, tuple[str, str]] = {
    "hal": ("application/hal+json", "application/hal+json"),
    "charset": ("application/json; charset=utf-8", "application/json"),
    "star": ("'*/*'", "application/json"),
    "range": ("'application/*'", "application/json; charset=utf-8"),
    "upper": ("Application/JSON", "application/json"),
}
PATTERNED = "{type: object, required: [name], properties: {name: {type: string, pattern: '^\\p{L}+$'}}}"


def target_document() -> str:
    def answer(media_type: str) -> str:
        return (
            f"responses: {{200: {{description: fine, content: {{{media_type}: {{schema: {PATTERNED}}}}}}}}}"
        )

    paths = "".join(
        f"  /{name}: {{get: {{operationId: {name}, {answer(promised)}}}}}\n"
        for name, (promised, _) in MEDIA_TYPES.items()
    )
    return f"{HEAD}servers: [{{url: 'https://library.example/v1'}}]\npaths:\n{paths}"


def judged(name: str, *flags: str) -> int:
    """The verdict on a deployment without security, which answers every operation with a `name`."""

    def answer(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        known = MEDIA_TYPES.get(target.partition("?")[0][1:])
        content: Json = {"name": name}
        if method != "GET" or known is None:
            return 405 if known else 404, {"Content-Type": "application/json", "Allow": "GET"}, encode({})
        return 200, {"Content-Type": known[1]}, encode(content)

    Path("library.yaml").write_text(target_document())
    with recording(answer) as deployment:
        address = f"http://127.0.0.1:{deployment.port}"
        target = ("--target", address, "--spec", "library.yaml", "--scenarios", ".")
        return main(["contract", *target, *FLAGS, *flags])


def test_contract_media_types_and_contract_no_auth(capsys: pytest.CaptureFixture[str]) -> None:
    code = judged("Äda", "--phases", "examples,fuzzing", "--max-examples", "3")

    assert code == 0
    assert capsys.readouterr().out.startswith("Keeps the contract\n5 operations: 5 passed, 0 failed")


def test_contract_pattern_crash(capsys: pytest.CaptureFixture[str]) -> None:
    code = judged("7", "--phases", "examples", "--format", "json")

    findings = json.loads(capsys.readouterr().out)["findings"]
    assert code == 1
    assert {one["operation"] for one in findings} == MEDIA_TYPES.keys()
    assert {one["check"] for one in findings} == {"response_schema_conformance"}


def test_contract_other_document(capsys: pytest.CaptureFixture[str]) -> None:
    code = judged("Ada", "--phases", "checks,journeys,examples,coverage")

    assert code == 0
    assert capsys.readouterr().out.startswith("Keeps the contract\n5 operations: 5 passed, 0 failed")


def test_operation_that_may_be_called_by_anybody_needs_no_token(capsys: pytest.CaptureFixture[str]) -> None:
    scheme = "components: {securitySchemes: {card: {type: apiKey, in: header, name: X-Card}}}\n"
    optional = f"{{operationId: list, security: [{{card: []}}, {{}}], {ANY}}}"
    Path("library.yaml").write_text(f"{HEAD}{scheme}paths: {{/books: {{get: {optional}}}}}\n")

    code = main(["contract", "--spec", "library.yaml", "--scenarios", ".", "--phases", "examples"])

    assert code == 0
    assert capsys.readouterr().out.startswith("Keeps the contract\n1 operation: 1 passed")
