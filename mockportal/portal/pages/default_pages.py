"""The built-in pages that a new portal starts with, as data; they belong to no portal."""

from typing import NamedTuple

from mockportal.state.ids import stable_uuid
from mockportal.values import Record


class _Page(NamedTuple):
    """`blocks` are types in order, those before `|` in the header; `parent` is a slug."""

    slug: str
    de: str
    en: str
    blocks: str
    parent: str = ""
    detail: str = ""


_PUBLIC = (
    _Page("login", "Anmelden", "Log in", "logo title | login_form button_link"),
    _Page("register", "Registrieren", "Register", "logo title | registration_form"),
    _Page("activation", "E-Mail bestätigen", "Confirm your e-mail", "logo title | text", "register"),
    _Page(
        "success",
        "Registrierung abgeschlossen",
        "Registration complete",
        "logo title | button_link",
        "register",
    ),
    _Page("pending-account", "Zugang in Prüfung", "Access under review", "logo title | text"),
    _Page("forgot-password", "Passwort vergessen", "Forgot password", "logo title | forgot_password_form"),
    _Page(
        "change",
        "Neues Passwort",
        "New password",
        "logo title | forgot_password_change_form",
        "forgot-password",
    ),
    _Page(
        "new-email", "Neue E-Mail-Adresse", "New e-mail address", "logo title | set_password_new_email_form"
    ),
    _Page("confirm-email", "E-Mail bestätigen", "Confirm your e-mail", "logo title | confirm_email_form"),
    _Page("maintenance", "Wartung", "Maintenance", "logo title | text"),
)
_PRIVATE = (
    _Page(
        "dashboard", "Übersicht", "Overview", "title system_banner | quick_actions entity_list balance teaser"
    ),
    _Page("requests", "Anfragen", "Requests", "title | requests"),
    _Page("opportunities", "Vorhaben", "Projects", "title | entity_list", "requests"),
    _Page("orders", "Angebote", "Offers", "title | entity_list", "requests"),
    _Page("contracts", "Verträge", "Contracts", "title | entity_list"),
    _Page("meters", "Zähler", "Meters", "title | meter_selector meter_readings add_meter_reading"),
    _Page("my-account", "Mein Konto", "My account", "title | contact_card tabs"),
    _Page("contact", "Meine Daten", "My details", "title | attribute_group", "my-account"),
    _Page("documents", "Dokumente", "Documents", "title | documents"),
    _Page("payments", "Zahlungen", "Payments", "title balance | payment change_installment_rate"),
    _Page("support", "Hilfe", "Support", "title | text external_links"),
    _Page(
        "contract",
        "Vertrag",
        "Contract",
        "title | attribute_group journey_actions documents",
        detail="contract",
    ),
)
_ENTRY = ("login", "dashboard")
_SEED = 0


def default_pages() -> list[Record]:
    """The built-in pages by `order`, with the same ids everywhere."""
    return [_record(page, number) for number, page in enumerate((*_PUBLIC, *_PRIVATE), start=1)]


def _record(page: _Page, number: int) -> Record:
    record: Record = {
        "id": _id(page.slug),
        "slug": page.slug,
        "order": number,
        "parentId": _id(page.parent) if page.parent else None,
        "is_public": page in _PUBLIC,
        "is_system": True,
        "is_detail": bool(page.detail),
        "is_entry_route": page.slug in _ENTRY,
        "show_in_navigation": page in _PRIVATE and not page.parent and not page.detail,
        "content": {"title": {"de": page.de, "en": page.en}},
        "blocks": _blocks(page),
    }
    return {**record, "schema": [page.detail], "detail_schema": page.detail} if page.detail else record


def _blocks(page: _Page) -> Record:
    header, _, main = page.blocks.partition("|")
    types = [*((type, "header") for type in header.split()), *((type, "main") for type in main.split())]
    blocks = {}
    for number, (type, section) in enumerate(types, start=1):
        id = stable_uuid(_SEED, "default block", f"{page.slug}/{number}")
        content = {"title": {"de": page.de, "en": page.en}} if type == "title" else {}
        blocks[id] = {
            "id": id,
            "type": type,
            "parentId": _id(page.slug),
            "order": number,
            "section": section,
            "props": {"content": content},
        }
    return blocks


def _id(slug: str) -> str:
    return stable_uuid(_SEED, "default page", slug)
