"""The Handlebars subset of pages and searches."""

import pytest

from mockportal.config import LIMITS
from mockportal.portal.entity.paths import Lens
from mockportal.portal.entity.templates import compile_template, render
from mockportal.testing import Client
from mockportal.values import Record
from tests.support.changes import change, id_of

CONTACT: Record = {
    "_id": "c1",
    "_schema": "contact",
    "_title": "Anna Berger",
    "first_name": "Anna",
    "is_business": False,
    "visits": 3.0,
    "email": [
        {"email": "anna@example.org", "_tags": ["Primary"]},
        {"email": "work@example.org", "_tags": ["Work"]},
    ],
    "address": [
        {"street": "Lindenallee", "street_number": "1", "_tags": []},
        {"street": "Am Kirchberg", "street_number": "4", "postal_code": "12345", "city": "Musterau"},
    ],
}
CONTRACT: Record = {
    "_id": "v1",
    "_schema": "contract",
    "_title": "V-1",
    "status": "active",
    "installment_amount": 119050,
    "balance": -3865,
    "start_date": "2023-01-01",
    "changed_at": "2026-06-15T22:30:00Z",
    "customer": {
        "$relation": [{"entity_id": "nobody"}, {"entity_id": "c1", "_tags": ["Payer"]}, {"entity_id": "v1"}]
    },
    "delivery_address": {"$relation_ref": [{"entity_id": "c1", "path": "address"}]},
}
ENTITIES = {"c1": CONTACT, "v1": CONTRACT}
CONTEXT: Record = {"contact": CONTACT, "contract": CONTRACT}
LENS = Lens(lambda record, name: record.get(name), lambda record: record, ENTITIES.get)

TEXTS = [
    ("Hallo {{contact.first_name}}!", "Hallo Anna!"),
    ("{{ contact.first_name }} {{{contact.first_name}}} {{~contact.first_name~}}", "Anna Anna Anna"),
    ("{{contact}}", "Anna Berger"),
    ("{{contact.visits}} {{contact.is_business}}", "3 false"),
    ("{{contact.email}}", "anna@example.org"),
    ("{{contact.email.email}}", "anna@example.org"),
    ("{{contact.email.1.email}}", "work@example.org"),
    ("{{contact.email[1]}}", "work@example.org"),
    ("{{contact.email.[work].email}}", "work@example.org"),
    ("{{contact.email[Work]._tags:work}}", "Work"),
    ("{{contact.email[home]}}", ""),
    ("{{contact.address[Primary].street}}", "Lindenallee"),
    ("{{contact.address.1}}", "Am Kirchberg 4, 12345 Musterau"),
    ("{{contract.delivery_address}}", "Lindenallee 1"),
    ("{{contract.customer}}", "Anna Berger"),
    ("{{contract.customer.email}}", "anna@example.org"),
    ("{{contract.customer[contact:payer].first_name}}", "Anna"),
    ("{{contract.customer[contract:]._title}}", "V-1"),
    ("{{contract.customer[contract:payer]}}", ""),
]
HELPERS = [
    ("{{formatDate contract.start_date}}", "01.01.2023"),
    ("{{formatDate contract.start_date 'YYYY/MM/DD'}}", "2023/01/01"),
    ("{{formatDate contract.changed_at}}", "16.06.2026"),
    ("{{formatDateTime contract.changed_at}}", "16.06.2026 00:30"),
    ('{{formatDateTime contract.changed_at "dd.MM.yy, HH:mm:ss"}}', "16.06.26, 00:30:00"),
    ("{{formatDate contract.status}}", ""),
    ("{{formatDate}}", ""),
    ("{{fromCents contract.installment_amount}}", "1190.50"),
    ("{{asCurrency (fromCents contract.installment_amount)}}", "1.190,50 €"),
    ("{{asCurrency (fromCents contract.balance)}}", "-38,65 €"),
    ("{{asCurrency 12 'CHF'}}", "12,00 CHF"),
    ("{{asCurrency contract.status}}{{asCurrency}}{{fromCents contract.status}}", ""),
    ("{{eq contract.status 'active'}} {{eq contact.visits 3}} {{eq 1}}", "true true false"),
]
BLOCKS = [
    ("{{#if contact.first_name}}A{{else}}B{{/if}}", "A"),
    ("{{#if contact.is_business}}A{{else}}B{{/if}}", "B"),
    ("{{#if contact.nothing}}A{{else if contact.is_business}}B{{else if true}}C{{else}}D{{/if}}", "C"),
    ("{{#if false}}A{{/if}}", ""),
    ("{{#unless contact.is_business}}A{{/unless}}", "A"),
    ("{{#if (eq contract.status 'active')}}A{{#if contact.visits}}B{{/if}}{{/if}}C", "ABC"),
    ("{{#eq contract.status 'draft'}}A{{else}}B{{/eq}}", "B"),
    ("{{#if}}A{{/if}}", ""),
]
UNKNOWN = [
    ("{{nobody.name}}{{contact.nothing.at.all}}{{contact.email.99}}{{contact.email.9999999}}", ""),
    ("{{contact.first_name.length}}", ""),
    ("{{unknownHelper contact.first_name}}", ""),
    ("{{#each contact.email}}x{{else}}y{{/each}}z", "z"),
    ("{{! a note }}{{}}{{~ ~}}{{else}}{{/if}}", ""),
    ("{{contact.first_name", "{{contact.first_name"),
    ("{{#if contact.first_name}}A", "A"),
    ("{{.}}{{[}}{{[]}}{{]}}{{\"}}{{'}}{{)}}", ""),
    ("{{" + "(" * 900 + "contact.first_name}}", ""),
    ("{{" + "x" * 2000 + "}}", ""),
    ("{{#if true}}" * 100 + "A", ""),
]


@pytest.mark.parametrize(("template", "text"), [*TEXTS, *HELPERS, *BLOCKS, *UNKNOWN])
def test_template_renders_as(template: str, text: str) -> None:
    assert render(template, CONTEXT, LENS) == text


def test_relations_lead_nowhere_without_a_lens() -> None:
    assert render("{{contract.customer.email}}|{{contract._title}}", CONTEXT) == "|V-1"


def test_hydrated_context_needs_no_lens() -> None:
    hydrated = {"contract": {**CONTRACT, "customer": [CONTACT]}}

    assert render("{{contract.customer.email}}", hydrated) == "anna@example.org"


def test_compiled_template_renders_each_context_anew() -> None:
    template = compile_template("{{contact.first_name}}")

    names = [template({"contact": {**CONTACT, "first_name": name}}, LENS) for name in ("Anna", "Lea")]

    assert names == ["Anna", "Lea"]


LONG = "x" * 1_000_000
MANY = {str(number): "{{contact.note}}" for number in range(1000)}
ASKING: dict[str, Record] = {
    "searchPortalUserEntities": {"slug": "contract", "templates": MANY},
    "getPortalUserEntity": {"slug": "contract", "templates": MANY},
    "interpolatePortalPages": {"pages": [{"slug": "a", "order": 1, "content": MANY}]},
    "getMeterReadings": {"templates": dict.fromkeys(MANY, "{{meter.note}}")},
}


@pytest.mark.parametrize("operation", ASKING)
def test_templates_cannot_blow_up_an_answer(anna: Client, operation: str) -> None:
    anna.call("updateContact", body={"note": LONG})
    change(anna.world, "meter/1tst0010000001", {"note": LONG})
    meter = {
        "meter_id": id_of(anna.world, "meter/1tst0010000001"),
        "counter_id": id_of(anna.world, "meter_counter/1tst0010000001-1.8.0"),
    }
    body = {**meter, **ASKING[operation]} if operation == "getMeterReadings" else ASKING[operation]

    refusal = anna.call(operation, body=body, status=400)

    assert refusal["message"] == LIMITS.said("template_output")


@pytest.mark.parametrize(
    "text",
    [
        "{{nothing}}" * 60_000,
        "{{#if nothing}}" * 60_000,
        "{{contact.contracts.billing_events._id}}" * 30_000,
    ],
    ids=["tags", "blocks", "relations"],
)
def test_templates_cannot_go_on_for_ever(anna: Client, text: str) -> None:
    body = {"pages": [{"slug": "a", "order": 1, "content": {"a": text}}]}

    refusal = anna.call("interpolatePortalPages", body=body, status=400)

    assert refusal["message"] == LIMITS.said("template_steps")


def test_template_of_a_stored_page_is_limited_when_it_is_read(anna: Client) -> None:
    anna.call("updateContact", body={"note": LONG})
    change(anna.world, "page/p1-dashboard", {"content": MANY})

    anna.call("getPortalPages", status=400)
