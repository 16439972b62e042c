"""Old against new on versions of documents that were published: what is said of them is so."""

import os
import shutil
import subprocess
import tarfile
from collections import Counter
from pathlib import Path

import pytest

from mockportal.compatibility import Change, VersionStep, compare, compare_versions
from mockportal.config import content
from mockportal.files.pointers import resolve
from mockportal.spec.document import load_document, operations
from mockportal.values import Record
from tests.compatibility.test_comparison import OPPOSITES

ROOT = Path(__file__).parent.parent.parent
PACKAGES = {
    "@epilot/customer-portal-client": ("package/src/openapi.json", ("0.17.6", "0.21.3", "0.23.1")),
    "@epilot/metering-client": ("package/dist/openapi.json", ("0.3.0", "0.8.2")),
}
PORTAL, METERING = PACKAGES
STEPS = (
    (PORTAL, "0.17.6", "0.21.3"),
    (PORTAL, "0.21.3", "0.23.1"),
    (METERING, "0.3.0", "0.8.2"),
)
SCHEMAS = "/components/schemas/"

# (rule, pointer or the end of it, operations), each read in both documents
MOVED_TO_0_21_3 = {
    ("operation-moved", "/paths/~1v2~1portal~1users~1by-related-entity/get", ("fetchPortalUsersByRelatedEntity",)),
    ("operation-removed", "/paths/~1v2~1portal~1sso~1user/post", ("createSSOUser",)),
    ("required-parameter-added", "/paths/~1v2~1portal~1consumption/get/parameters/0", ("getConsumption",)),
    ("required-parameter-added", "/paths/~1v2~1portal~1consumption/get/parameters/1", ("getConsumption",)),
    ("required-parameter-added", "/paths/~1v2~1portal~1consumption/get/parameters/2", ("getConsumption",)),
    ("required-parameter-added", "/paths/~1v2~1portal~1costs/get/parameters/0", ("getCosts",)),
    ("required-parameter-added", "/paths/~1v2~1portal~1costs/get/parameters/1", ("getCosts",)),
    ("required-parameter-added", "/paths/~1v2~1portal~1costs/get/parameters/2", ("getCosts",)),
    ("required-parameter-added", "/paths/~1v2~1portal~1prices/get/parameters/0", ("getPrices",)),
    ("required-parameter-added", "/paths/~1v2~1portal~1prices/get/parameters/1", ("getPrices",)),
    ("required-parameter-added", "/paths/~1v2~1portal~1prices/get/parameters/2", ("getPrices",)),
    ("response-type-changed", "/paths/~1v2~1portal~1consumption/get/responses/200/content/application~1json/schema/type", ("getConsumption",)),
    ("response-type-changed", "/paths/~1v2~1portal~1costs/get/responses/200/content/application~1json/schema/type", ("getCosts",)),
    ("response-type-changed", "/paths/~1v2~1portal~1prices/get/responses/200/content/application~1json/schema/type", ("getPrices",)),
    ("response-property-became-optional", "/paths/~1v2~1portal~1user~1confirm/get/responses/200/content/application~1json/schema/properties/confirmed", ("confirmUser",)),
    ("response-property-became-optional", SCHEMAS + "Extension/properties/description", ("getPortalExtensions",)),
    ("response-property-became-optional", SCHEMAS + "Extension/properties/version", ("getPortalExtensions",)),
    ("response-alternative-added", SCHEMAS + "ExtensionHookMeterReadingPlausibilityCheck", ("getPortalExtensions",)),
    ("response-alternative-added", SCHEMAS + "CampaignWidget", ("getPortalWidgets", "getPublicPortalWidgets", "upsertPortalWidget")),
    (
        "response-property-removed",
        SCHEMAS + "PortalConfig/allOf/1/properties/org_name",
        ("getAllPortalConfigs", "getOrgPortalConfig", "getPortalConfig", "getPortalConfigByDomain", "getPublicPortalConfig", "upsertPortal"),
    ),
}  # fmt: skip

CONFIGS = (
    "getAllPortalConfigs",
    "getOrgPortalConfig",
    "getPortalConfig",
    "getPortalConfigByDomain",
    "getPublicPortalConfig",
    "upsertPortal",
)
PAGES = ("createPortalPage", "getPortalPage", "getPortalPages", "getPublicPages", "updatePortalPage")
BROKEN_BY_0_23_1 = {
    ("response-type-changed", SCHEMAS + "CommonConfigAttributes/properties/pages/type", CONFIGS),
    ("request-type-changed", SCHEMAS + "CommonConfigAttributes/properties/pages/type", ("upsertPortal",)),
    ("response-property-became-optional", SCHEMAS + "CommonConfigAttributes/properties/design_id", CONFIGS),
    ("request-property-became-required", SCHEMAS + "CommonConfigAttributes/properties/domain", ("upsertPortal",)),
    ("response-property-removed", SCHEMAS + "PageRequest/properties/is_dynamic_route", PAGES),
    ("response-property-became-optional", SCHEMAS + "SSOCallbackResponse/properties/id_token", ("ssoCallback",)),
    (
        "request-required-property-added",
        "/paths/~1v2~1portal~1recipients-to-notify/post/requestBody/content/application~1json/schema/properties/context_id",
        ("getRecipientsToNotifyOnAutomation",),
    ),
}  # fmt: skip
RISKED_BY_0_23_1 = {
    ("request-property-removed", SCHEMAS + "PageRequest/properties/is_dynamic_route", ("createPortalPage", "updatePortalPage")),
    ("request-property-removed", SCHEMAS + "SSOCallbackRequest/properties/client_secret", ("ssoCallback",)),
    ("success-status-added", "/paths/~1v2~1portal~1portal/post/responses/200", ("upsertPortal",)),
}  # fmt: skip


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the versions of each package's document, by name; kept, so that the registry is asked once."""
    folder = Path(os.environ.get("MOCKPORTAL_CACHE", ROOT / ".cache")) / "published"
    for package, (member, versions) in PACKAGES.items():
        for version in versions:
            file = folder / package / f"{version}.json"
            if not file.exists():
                file.parent.mkdir(parents=True, exist_ok=True)
                fetch(f"{package}@{version}", member, file, tmp_path_factory.mktemp("tarball"))
    return folder


def fetch(package: str, member: str, file: Path, scratch: Path) -> None:
    """Writes one file of a package to `file`, whole or not at all."""
    pack = ["npm", "pack", package, "--ignore-scripts", "--pack-destination", str(scratch)]
    subprocess.run(pack, cwd=scratch, check=True, capture_output=True, timeout=300)
    (tarball,) = scratch.glob("*.tgz")
    with tarfile.open(tarball) as archive, (scratch / "document").open("wb") as out:
        found = archive.extractfile(member)
        assert found is not None
        shutil.copyfileobj(found, out)
    moved = shutil.copy(scratch / "document", file.with_suffix(".part"))
    Path(moved).replace(file)


def pair(published: Path, package: str, old: str, new: str) -> tuple[Record, Record]:
    return (
        load_document(published / package / f"{old}.json"),
        load_document(published / package / f"{new}.json"),
    )


def grouped(changes: list[Change], level: str) -> set[tuple[str, str, tuple[str, ...]]]:
    """The changes of one level, with all the operations that they concern."""
    found: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        if change.level == level:
            found.setdefault((change.kind, change.pointer), []).append(change.operation)
    return {(rule, at, tuple(sorted(names))) for (rule, at), names in found.items()}


def ids(document: Record) -> set[str]:
    return {raw["operationId"] for _, _, raw, _ in operations(document)}


def test_the_portal_of_0_21_3_breaks_what_0_17_6_promised(published: Path) -> None:
    changes = compare(*pair(published, PORTAL, "0.17.6", "0.21.3"))

    assert grouped(changes, "breaking") == MOVED_TO_0_21_3
    assert grouped(changes, "risky") == {
        (
            "response-enum-value-added",
            SCHEMAS + "WidgetBase/properties/type/enum",
            ("getPortalWidgets", "getPublicPortalWidgets", "upsertPortalWidget"),
        )
    }


def test_the_portal_of_0_23_1_breaks_what_0_21_3_promised(published: Path) -> None:
    changes = compare(*pair(published, PORTAL, "0.21.3", "0.23.1"))

    assert grouped(changes, "breaking") == BROKEN_BY_0_23_1
    assert grouped(changes, "risky") == RISKED_BY_0_23_1


def test_metering_of_0_8_2_demands_other_credentials(published: Path) -> None:
    changes = compare(*pair(published, METERING, "0.3.0", "0.8.2"))

    assert [
        (change.operation, change.message) for change in changes if change.kind == "security-tightened"
    ] == [
        ("createMeterReadings", "PortalAuth no longer suffices, but EpilotAuth"),
    ]


def test_metering_of_0_8_2_has_lost_an_operation_and_two_properties(published: Path) -> None:
    changes = compare(*pair(published, METERING, "0.3.0", "0.8.2"))

    assert [change.operation for change in changes if change.kind == "operation-removed"] == [
        "getDownSampleReadingsByInterval"
    ]
    assert {change.pointer for change in changes if change.kind == "response-property-removed"} == {
        SCHEMAS + "MeterReading/properties/maxNextReadingValue",
        SCHEMAS + "MeterReading/properties/minNextReadingValue",
    }
    assert {
        (change.pointer, change.message) for change in changes if change.kind == "response-enum-value-added"
    } == {
        (SCHEMAS + "ReadingStatus/enum", 'also ""'),
        (SCHEMAS + "Meter/allOf/1/properties/sector/enum", 'also "district_heating", "waste_water"'),
    }
    assert {change.pointer for change in changes if change.kind == "request-format-tightened"} == {
        SCHEMAS + "EntityId/format"
    }


@pytest.mark.parametrize(("package", "old", "new"), STEPS)
def test_every_change_is_about_something_that_is_there(
    published: Path, package: str, old: str, new: str
) -> None:
    before, after = pair(published, package, old, new)

    changes = compare(before, after)

    assert {change.operation for change in changes} <= ids(before) | ids(after)
    assert [
        change.pointer for change in changes if not is_in(after, change) and not is_in(before, change)
    ] == []


@pytest.mark.parametrize(("package", "old", "new"), STEPS)
def test_what_came_one_way_goes_the_other_way(published: Path, package: str, old: str, new: str) -> None:
    before, after = pair(published, package, old, new)

    there = Counter(change.kind for change in compare(before, after))
    back = Counter(change.kind for change in compare(after, before))

    assert {rule: count for rule, count in there.items() if rule in OPPOSITES} == {
        rule: back[OPPOSITES[rule]] for rule in there if rule in OPPOSITES
    }


@pytest.mark.parametrize(("package", "old", "new"), STEPS)
def test_no_version_differs_from_itself(published: Path, package: str, old: str, new: str) -> None:
    before, after = pair(published, package, old, new)

    assert compare(before, before) == []
    assert compare(after, after) == []


def test_the_versions_of_the_portal_lead_to_our_document(published: Path) -> None:
    ours = load_document(content("openapi.json"))

    steps = compare_versions(published / PORTAL, ours, "openapi.json")

    assert [(step.old, step.new) for step in steps] == [
        ("0.17.6.json", "0.21.3.json"),
        ("0.21.3.json", "0.23.1.json"),
        ("0.23.1.json", "openapi.json"),
    ]
    assert worst(steps) == ["breaking", "breaking", "breaking"]
    assert ("deleteTwoFactorPhone", "operation-added") not in {
        (one.operation, one.kind) for one in steps[0].changes
    }


def worst(steps: list[VersionStep]) -> list[str]:
    return [step.changes[0].level for step in steps]


def is_in(document: Record, change: Change) -> bool:
    try:
        resolve(document, change.pointer)
    except (LookupError, ValueError, TypeError):
        return False
    return True
