"""Revisions: what they keep, who sees them, and what publishing one changes."""

from typing import Any

import pytest

from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import id_of

PAGE = "2b7d3a10-7a57-4b58-9a77-5b8c1f0e9d21"
OTHER = "3c8e4b21-8b68-4c69-8b88-6c9d2a1f0e32"


@pytest.fixture
def admin(newer: Client) -> Client:
    return newer.as_("dev-admin")


@pytest.fixture
def p1(newer: Client) -> str:
    return id_of(newer.world, "portal/p1")


def page(id: str = PAGE, slug: str = "start", **more: Any) -> Record:
    return {"id": id, "slug": slug, "order": 1, "is_public": True, "blocks": {}, **more}


def created(admin: Client, portal: str, **body: Any) -> Record:
    revision: Record = admin.call("createPortalRevision", portal_id=portal, body={"pages": [page()], **body})
    return revision


def test_making_a_revision_changes_nothing_that_is_live(admin: Client, p1: str) -> None:
    before = admin.call("getPortalConfigV3", portal_id=p1)

    revision = created(admin, p1, name="Neu")

    assert admin.call("getPortalConfigV3", portal_id=p1) == before
    assert (revision["page_count"], revision["is_published"]) == (1, False)
    assert admin.call("listPortalRevisions", portal_id=p1)["results"] == [revision]


def test_published_revision_is_what_every_read_shows(admin: Client, p1: str) -> None:
    template = "ca6d9e58-7ca5-5925-b58c-f211db6c6b75"
    revision = created(admin, p1, name="Neu", email_templates={"invitation": template})

    published = admin.call(
        "publishPortalRevision",
        portal_id=p1,
        body={"revision_id": revision["revision_id"], "name": "Sommer", "description": "Neue Startseite"},
    )

    assert published["post_publish_warnings"] == []
    nobody = admin.as_("")
    reads = (
        admin.call("getPortalConfigV3", portal_id=p1),
        admin.call("getOrgPortalConfigV3", portal_id=p1),
        nobody.call("getPortalConfigByDomain", domain="mein.sw-musterau.test"),
        nobody.call("getPublicPortalConfigV3", org_id="500001", portal_id=p1),
        next(one for one in admin.call("listAllPortalConfigs")["data"] if one["portal_id"] == p1),
    )
    for read in reads:
        assert read["name"] == "Neu"
        assert read["published_revision_id"] == revision["revision_id"]
        slugs = read["pages"].values() if isinstance(read["pages"], dict) else read["pages"]
        assert [one["slug"] for one in slugs] == ["start"]
    assert [one["id"] for one in nobody.call("getPublicPages", domain="mein.sw-musterau.test")] == [PAGE]
    assert admin.call("getEmailTemplatesByPortalId", portal_id=p1) == {"invitation": template}
    shown = admin.call("getPortalRevision", portal_id=p1, revision_id=revision["revision_id"])
    assert (shown["is_published"], shown["name"], shown["config"]["name"]) == (True, "Sommer", "Neu")


def test_templates_stay_where_a_revision_has_none(admin: Client, p1: str) -> None:
    before = admin.call("getEmailTemplatesByPortalId", portal_id=p1)
    revision = created(admin, p1)

    admin.call("publishPortalRevision", portal_id=p1, body={"revision_id": revision["revision_id"]})

    assert admin.call("getEmailTemplatesByPortalId", portal_id=p1) == before


def test_older_revision_is_published_again(admin: Client, p1: str) -> None:
    first = created(admin, p1, name="Eins")
    second = created(admin, p1, name="Zwei", pages=[page(OTHER, "zwei")])
    for revision in (first, second, first):
        admin.call("publishPortalRevision", portal_id=p1, body={"revision_id": revision["revision_id"]})

    config = admin.call("getPortalConfigV3", portal_id=p1)

    listed = {one["revision_id"]: one for one in admin.call("listPortalRevisions", portal_id=p1)["results"]}
    assert (config["name"], [one["id"] for one in config["pages"]]) == ("Eins", [PAGE])
    assert listed[first["revision_id"]]["is_published"] is True
    assert listed[second["revision_id"]]["is_published"] is False
    assert "published_at" in listed[second["revision_id"]]


@pytest.mark.parametrize(
    "pages",
    [
        [page(), page(slug="other")],
        [page(), page(OTHER)],
        [page(order="first")],
        [page(blocks={"x": {"type": 5}})],
        [page(is_public="yes")],
    ],
    ids=["one id", "one slug", "order", "block", "attribute"],
)
def test_pages_that_could_not_be_read_are_refused(admin: Client, p1: str, pages: list[Record]) -> None:
    admin.call("createPortalRevision", portal_id=p1, body={"pages": pages}, status=400)


@pytest.mark.parametrize("config", [{"grants": 5}, {"feature_flags": []}, {"notification_triggers": "x"}])
def test_settings_that_could_not_be_read_are_refused(admin: Client, p1: str, config: Record) -> None:
    admin.call("createPortalRevision", portal_id=p1, body={"pages": [], **config}, status=400)


def test_unknown_revisions_and_portals_are_not_found(admin: Client, p1: str) -> None:
    unknown = "00000000-0000-4000-8000-000000000000"

    admin.call("publishPortalRevision", portal_id=p1, body={"revision_id": "none"}, status=404)
    admin.call("getPortalRevision", portal_id=p1, revision_id="none", status=404)
    admin.call("listPortalRevisions", portal_id=unknown, status=404)
    admin.call("createPortalRevision", portal_id=unknown, body={"pages": []}, status=404)
    of_another = "2026-06-10T08:00:00.000Z-5a0c1e77"
    admin.call("getPortalRevision", portal_id=p1, revision_id=of_another, status=404)


def test_domain_of_another_portal_is_refused_when_it_is_published(admin: Client, p1: str) -> None:
    revision = created(admin, p1, domain="partner.sw-musterau.test")
    before = admin.call("getPortalConfigV3", portal_id=p1)

    body = {"revision_id": revision["revision_id"]}
    admin.call("publishPortalRevision", portal_id=p1, body=body, status=400)

    assert admin.call("getPortalConfigV3", portal_id=p1) == before


def test_secrets_of_providers_are_kept_and_never_shown(admin: Client, p1: str) -> None:
    providers = admin.call("getPortalConfigV3", portal_id=p1)["identity_providers"]
    secrets = [one["oidc_config"]["client_secret"] for one in _stored(admin, p1)]

    revision = created(admin, p1, identity_providers=providers)
    shown = admin.call("getPortalRevision", portal_id=p1, revision_id=revision["revision_id"])
    admin.call("publishPortalRevision", portal_id=p1, body={"revision_id": revision["revision_id"]})

    assert "client_secret" not in str(
        [one["oidc_config"].keys() - {"has_client_secret"} for one in shown["identity_providers"]]
    )
    assert [one["oidc_config"]["client_secret"] for one in _stored(admin, p1)] == secrets


def test_revisions_come_in_pages(admin: Client, p1: str) -> None:
    made = [created(admin, p1)["revision_id"] for _ in range(3)]

    first = admin.call("listPortalRevisions", portal_id=p1, limit=2)
    rest = admin.call("listPortalRevisions", portal_id=p1, limit=2, cursor=first["next_cursor"])

    seen = [one["revision_id"] for one in (*first["results"], *rest["results"])]
    assert sorted(seen) == sorted(made)
    assert "next_cursor" not in rest
    admin.call("listPortalRevisions", portal_id=p1, cursor="no cursor", status=400)
    admin.call("listPortalRevisions", portal_id=p1, limit=101, status=400)


def test_revision_has_to_be_based_on_one_that_is_there(admin: Client, p1: str) -> None:
    first = created(admin, p1)

    created(admin, p1, based_on_revision_id=first["revision_id"])

    body = {"pages": [], "based_on_revision_id": "none"}
    admin.call("createPortalRevision", portal_id=p1, body=body, status=400)


def _stored(admin: Client, portal: str) -> list[Record]:
    providers: list[Record] = admin.world.draft().collection("portal").get(portal)["identity_providers"]
    return providers
