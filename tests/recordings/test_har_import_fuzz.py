"""Archives of any content: an import never fails with anything but a line, and what it writes is a valid scenario."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from mockportal.commands.scenarios.import_har import scenario_text
from mockportal.config import content
from mockportal.files.strict_yaml import load_yaml
from mockportal.files.text import UnusableFile
from mockportal.mock import Mock
from mockportal.portal.collections import COLLECTIONS
from mockportal.recordings.har_callers import people_of
from mockportal.recordings.har_file import har_entries
from mockportal.recordings.har_steps import steps_of
from mockportal.spec.spec import Spec
from mockportal.state.scenario import scenario_findings

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
ODD = st.sampled_from(["!drop", "!id contact/anna", "$order", "<<", "no", "1e3", "0o17", "12:30", "~", "- a", "# x", "a\n---\nb", "[redacted]"])  # fmt: skip
VALUES = ANYTHING | ODD | st.dictionaries(ODD, ODD, max_size=3)
PATHS = st.sampled_from(["/v2/portal/user", "/v2/portal/contact", "/api/v2/portal/contact", "/v2/portal/contract", "/x.css", "//", "/v2/portal/order/%zz", "/v2/portal/order/a%20b"])  # fmt: skip
URLS = st.builds(
    "https://a.example.test{}?{}".format, PATHS, st.text("ab=&%+[]{}#ä'\"", max_size=8)
) | st.text(max_size=9)
PAIRS = st.lists(st.fixed_dictionaries({"name": st.sampled_from(["Authorization", "content-type", ":path", "x", "Cookie"]), "value": st.sampled_from(["Bearer dev-anna", "Bearer a.eyJ9.b", "application/json", "multipart/form-data; boundary=b", "text/plain"]) | st.text(max_size=5)}), max_size=3)  # fmt: skip
POSTED = st.fixed_dictionaries(
    {"mimeType": st.sampled_from(["application/json", "application/x-www-form-urlencoded"])},
    optional={
        "text": VALUES.map(json.dumps) | st.text(max_size=8),
        "params": PAIRS,
        "encoding": st.just("base64"),
    },
)
SURE = {
    "request": {"method": "GET", "url": "https://a.example.test/v2/portal/user"},
    "response": {"status": 200},
}
ENTRIES = ANYTHING | st.fixed_dictionaries(
    {
        "request": st.fixed_dictionaries(
            {"method": st.sampled_from(["GET", "get", "PATCH", "POST", "OPTIONS", "HEAD"]), "url": URLS},
            optional={"headers": PAIRS | ANYTHING, "postData": POSTED | ANYTHING},
        ),
        "response": st.fixed_dictionaries(
            {"status": st.sampled_from([200, 200, 200, 404, 0, 304, True, "200", 10**30])},
            optional={"content": st.fixed_dictionaries({"text": VALUES.map(json.dumps)}) | ANYTHING},
        ),
    },
    optional={"_mockportal": ANYTHING | st.just({"as": "anna"})},
)


@settings(max_examples=10, deadline=None, phases=(Phase.generate,))  # each loads a scenario
@given(entries=st.lists(ENTRIES, min_size=5, max_size=15).map(lambda more: [SURE, *more]))
def test_any_archive_becomes_a_valid_scenario_or_nothing(
    mock: Mock, spec: Spec, entries: list[object]
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "x.har").write_text(json.dumps({"log": {"entries": entries}}), "utf-8")
        found = har_entries(folder / "x.har")
        steps, unused = steps_of(found, spec, people_of(mock.scenario(None), mock.api))
        text = scenario_text("x.har", "default", steps)
        (folder / "x.yaml").write_text(text, "utf-8")

        mistakes, _ = scenario_findings(str(folder / "x.yaml"), [content("scenarios")], spec, COLLECTIONS)
        written = load_yaml(folder / "x.yaml").value["expect"] or []

    assert [str(one) for one in mistakes if steps] == []
    assert written == [step.keys for step in steps]
    assert len(steps) + len(unused) == len(entries)
    assert all(len(f"{entry} {reason}".splitlines()) == 1 for entry, reason in unused)


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=30) | ANYTHING.map(lambda value: json.dumps(value).encode()))
def test_any_file_is_an_archive_or_a_line(data: bytes) -> None:
    problems = []
    with TemporaryDirectory() as name:
        path = Path(name) / "x.har"
        path.write_bytes(data)
        try:
            har_entries(path)
        except UnusableFile as problem:
            problems = str(problem).splitlines()

    assert len(problems) <= 1
