"""Scenarios that are spread over the files of a folder, in YAML and in JSON."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mockportal.errors import FileError
from mockportal.portal.collections import COLLECTIONS
from mockportal.spec.spec import Spec
from mockportal.state.scenario import Scenario, load_scenario
from mockportal.values import Json

Load = Callable[..., Scenario]


@pytest.fixture
def load(tmp_path: Path, spec: Spec) -> Load:
    """Writes the files of a folder and loads a scenario that extends it, or the one that is named."""
    (tmp_path / "mine.yaml").write_text("about: Mine.\nextends: many/\n")

    def run(name: str = "mine", **files: str) -> Scenario:
        (tmp_path / "many").mkdir(exist_ok=True)
        for stem, text in files.items():
            (tmp_path / "many" / stem.replace("_", ".")).write_text(text)
        return load_scenario(name, (tmp_path,), spec, COLLECTIONS).build()

    return run


def contacts(**records: Json) -> str:
    return json.dumps({"entities": {"contact": records}})


def test_files_of_a_folder_go_over_each_other_in_the_order_of_their_names(load: Load) -> None:
    scenario = load(
        b_json=contacts(anna={"last_name": "Berg"}),
        a_yaml="entities: {contact: {anna: {first_name: Anna, last_name: Tal}, kim: {first_name: Kim}}}",
    )

    anna, kim = scenario.draft().collection("contact")
    assert (anna["first_name"], anna["last_name"], kim["first_name"]) == ("Anna", "Berg", "Kim")


def test_folder_can_be_named_by_its_path(load: Load, tmp_path: Path) -> None:
    scenario = load(f"{tmp_path}/many/", a_json=contacts(anna={"first_name": "Anna"}))

    assert (scenario.name, len(scenario.draft().collection("contact"))) == ("many", 1)


def test_text_that_begins_with_a_tag_is_behind_it(load: Load) -> None:
    entities = {"contact": {"anna": {}}, "contract": {"one": {"customer": "!rel contact/anna"}}}
    scenario = load(a_json=json.dumps({"entities": entities}))

    contract = next(iter(scenario.draft().collection("contract")))
    assert contract["customer"] == {"$relation": [{"entity_id": scenario.aliases["contact"]["anna"]}]}


def test_file_that_comes_or_goes_is_a_change(load: Load, tmp_path: Path) -> None:
    before = load(a_json=contacts(anna={}))
    (tmp_path / "many" / "b.json").write_text(contacts(kim={}))

    assert not before.plan.reading.is_current()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"entities": {"contact": ', "a.json:1:26: is not JSON: Expecting value"),
        ('{"entities": {},\n "entities": {}}', "a.json: is not JSON: it has the key 'entities' twice"),
        ('{"seed": NaN}', "a.json: is not JSON: it has NaN, which is no number"),
        ("[" * 200 + "]" * 200, "a.json: is not JSON: more than 100 levels of nesting"),
        ("[" * 99999, "a.json: is not JSON: "),
        ('{"seed": "\\ud800"}', "is not JSON: "),
        ('{"entities": {"contract": {"one": {"customer": "!rel contact/bose"}}}}', "a.json:1:36: /entities/contract/one/customer: "),
        ('{\n "entities": {"contcat": {}}}', "a.json:2:15: /entities/contcat: "),
        ('{"entities": {"contact": {"anna": 5}}}', "a.json:1:27: /entities/contact/anna: "),
        ('{"seed": "!file x"}', "a.json:1:2: /seed: the tag !file cannot stand here"),
    ],
)  # fmt: skip
def test_bad_json_is_one_line_with_its_place(load: Load, text: str, message: str) -> None:
    with pytest.raises(FileError) as caught:
        load(a_json=text)

    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_folder_without_files_is_told_where_it_is_named(load: Load) -> None:
    with pytest.raises(
        FileError, match=r"mine.yaml:2:1: /extends: many/: is no folder with files that end in"
    ):
        load()
