"""Mails: in the outbox and as pages, with links to the frontend, and with codes."""

import httpx
import pytest

from mockportal.engine.world import World
from mockportal.mock import Mock, Setup
from mockportal.portal.identity.outbox import mails_of
from mockportal.spec.spec import Spec
from mockportal.testing import Client
from mockportal.values import Record
from mockportal.web.app import create_app
from tests.support.browser import BASE, Browser, body_of, links_of, text_of
from tests.support.changes import change
from tests.support.pool_client import ANNA, PoolClient

FRONTEND = "http://localhost:3000/app"
DOMAIN = "mein.sw-musterau.test"
APPLICANT: Record = {
    "orgId": "500001",
    "email": "new.person@example.org", "password": "Musterau!2026", "first_name": "Nele", "last_name": "Neu",
    "registration_identifiers": {"contact": {"last_name": "Neu"}, "contract": {"contract_number": "V-1"}},
    "additional_contact_attributes": {"first_name": "Nele", "last_name": "Neu"},
}  # fmt: skip


@pytest.fixture
def framed(spec: Spec) -> Mock:
    """A mock that was told of a frontend."""
    return Mock(Setup(frontend=FRONTEND), spec)


def newest(world: World, to: str) -> Record:
    return next(mail for mail in reversed(mails_of(world.draft())) if mail["to"] == to)


def test_every_mail_has_links_and_codes(world: World) -> None:
    mails = mails_of(world.draft())

    assert {"to", "subject", "template", "link", "links", "codes", "created_at"} <= set(mails[0])
    assert all(mail["links"] == [mail["link"]] and mail["codes"] == [] for mail in mails)


def test_without_a_frontend_links_lead_to_the_domain_of_the_portal(nobody: Client, world: World) -> None:
    nobody.call("createUserV3", domain=DOMAIN, body=APPLICANT)

    seeded, made = (newest(world, to)["link"] for to in ("nadia.haddad@example.org", APPLICANT["email"]))
    assert seeded == "https://mein.sw-musterau.test/confirm-email?token=confirm-nadia"
    assert made.startswith("https://mein.sw-musterau.test/confirm-email?token=")


def test_with_a_frontend_seeded_and_new_links_lead_there(framed: Mock) -> None:
    world = framed.world()
    Client(framed, world).call("createUserV3", domain=DOMAIN, body=APPLICANT)

    seeded, made = (newest(world, to)["link"] for to in ("nadia.haddad@example.org", APPLICANT["email"]))
    assert seeded == f"{FRONTEND}/confirm-email?token=confirm-nadia"
    assert made.startswith(f"{FRONTEND}/confirm-email?token=")


def test_confirmation_redirects_to_the_frontend(framed: Mock) -> None:
    client = Client(framed, framed.world())

    reply = client.exchange("confirmUser", confirmation_link_token="confirm-nadia", use_redirect=True).reply

    assert reply.headers["Location"] == f"{FRONTEND}/register/success"


def test_forgotten_password_gets_a_mail_with_a_code_and_a_link(framed: Mock) -> None:
    world = framed.world()

    PoolClient(framed, world).call("ForgotPassword", Username=ANNA)

    mail = newest(world, ANNA)
    assert mail["template"] == "forgotPassword"
    assert [len(code) for code in mail["codes"]] == [6]
    assert mail["link"].startswith(f"{FRONTEND}/forgot-password/change")


def test_change_of_address_goes_to_the_new_one(anna: Client, world: World) -> None:
    anna.call("updatePortalUserEmail", body={"email": "anna.neu@example.org", "password": "Musterau!2026"})

    mail = newest(world, "anna.neu@example.org")
    assert mail["template"] == "confirmEmailUpdate"
    assert mail["links"][0].startswith("https://mein.sw-musterau.test/new-email?token=")


def test_invitation_is_among_the_seeded_mails(world: World) -> None:
    mail = newest(world, "emilia.roth@example.org")

    assert (mail["template"], "token=invite-emilia" in mail["link"]) == ("partnerInvitation", True)


def test_pages_list_the_mails_and_show_link_and_code(mock: Mock, world: World, browser: Browser) -> None:
    PoolClient(mock, world).call("ForgotPassword", Username=ANNA)
    mail = newest(world, ANNA)

    listed = browser.get(f"{BASE}/__services/mail")
    shown = browser.get(f"{BASE}/__services/mail/{mail['id']}")

    assert f"{BASE}/__services/mail/{mail['id']}" in links_of(listed)
    assert mail["link"] in links_of(shown)
    assert f">{mail['codes'][0]}<" in text_of(shown)


def test_every_seeded_mail_has_a_page(world: World, browser: Browser) -> None:
    pages = {
        mail["subject"]: browser.get(f"{BASE}/__services/mail/{mail['id']}")
        for mail in mails_of(world.draft())
    }

    assert {subject: page.status for subject, page in pages.items()} == {
        "Zahlungserinnerung zum Vertrag V-900003": 200,
        "Einladung in das Portal Mein Musterau": 200,
        "Bitte bestätigen Sie Ihre E-Mail-Adresse": 200,
    }


def test_link_that_is_no_address_of_the_web_is_shown_but_cannot_be_followed(
    browser: Browser, world: World
) -> None:
    change(world, "mail/nadia-confirmation", {"link": "javascript:alert(1)", "subject": "<b>bold</b>"})
    mail = newest(world, "nadia.haddad@example.org")

    page = browser.get(f"{BASE}/__services/mail/{mail['id']}")

    assert "javascript:alert(1)" not in links_of(page)
    assert "&lt;b&gt;bold&lt;/b&gt;" in text_of(page)


def test_unknown_mail_and_other_methods_are_refused(browser: Browser) -> None:
    assert browser.get(f"{BASE}/__services/mail/none").status == 404
    assert body_of(browser.post(f"{BASE}/__services/mail", {}), 405)["message"].startswith("the mailbox")


@pytest.mark.anyio
async def test_outbox_and_page_show_the_same_mail_and_the_journal_no_secret(framed: Mock) -> None:
    PoolClient(framed, framed.world()).call("ForgotPassword", Username=ANNA)
    transport = httpx.ASGITransport(create_app(framed))
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        outbox = (await client.get("/__mockportal/worlds/main/outbox")).json()["mails"]
        mail = next(mail for mail in outbox if mail["to"] == ANNA)
        page = await client.get(f"/__services/mail/{mail['id']}")
        number = page.headers["x-mockportal-entry"]
        entry = (await client.get(f"/__mockportal/worlds/main/journal/{number}")).text

    assert mail["codes"][0] in page.text
    assert mail["codes"][0] not in entry
    assert mail["token"] not in entry
