"""entity:get and entity:search, over the default dataset."""

from typing import Any

import pytest

from mockportal.config import LIMITS
from mockportal.testing import Client
from mockportal.values import Json, Record
from tests.support.changes import change, id_of, record_of

SYSTEM = {"_id", "_schema", "_org", "_title", "_created_at", "_updated_at"}


def search(client: Client, slug: Json = "contract", **query: Any) -> Any:
    return client.call("searchPortalUserEntities", body={"slug": slug, **query})


def numbers(client: Client, slug: Json = "contract", **query: Any) -> list[str]:
    """The contract numbers of a search, without the letters before them."""
    return [item["contract_number"].removeprefix("V-") for item in search(client, slug, **query)["results"]]


def total(client: Client, slug: str, **query: Any) -> int:
    return int(search(client, slug, size=0, **query)["pagination"]["total"])


def refused(client: Client, status: int, slug: Json = "contract", **query: Any) -> str:
    body = client.call("searchPortalUserEntities", body={"slug": slug, **query}, status=status)
    return str(body["message"])


@pytest.fixture
def sabine(nobody: Client) -> Client:
    return nobody.as_("dev-sabine")


def grow(client: Client, count: int) -> None:
    """Gives Anna this many more contracts, V-1000 and up."""
    draft = client.world.draft()
    contract = record_of(client.world, "contract/v-900001")
    for number in range(count):
        added = {"_id": draft.new_id("contract"), "contract_number": f"V-{1000 + number}", "status": "draft"}
        draft.collection("contract").put({**contract, **added})
    client.world.state = draft.state


# --- what is found


def test_search_finds_only_what_belongs_to_the_user(anna: Client, sabine: Client) -> None:
    assert numbers(anna) == ["900001", "900002"]
    assert numbers(sabine) == ["900007", "900008", "900009", "900010", "900011"]


def test_answer_counts_its_items_and_the_total(sabine: Client) -> None:
    body = search(sabine, **{"from": 1, "size": 2})

    assert body["hits"] == 2
    assert body["pagination"] == {"from": 1, "size": 2, "total": 5, "has_more": True}


def test_last_page_says_that_there_is_no_more(sabine: Client) -> None:
    body = search(sabine, **{"from": 4, "size": 2})

    assert [item["contract_number"] for item in body["results"]] == ["V-900011"]
    assert body["pagination"]["has_more"] is False


def test_page_beyond_the_end_is_empty(anna: Client) -> None:
    body = search(anna, **{"from": 100})

    assert body["results"] == []
    assert body["pagination"] == {"from": 100, "size": 100, "total": 2, "has_more": False}


def test_size_above_a_thousand_is_cut_down(anna: Client) -> None:
    grow(anna, 1_001)

    body = search(anna, size=5_000, fields=["status"])

    assert body["hits"] == 1_000
    assert body["pagination"] == {"from": 0, "size": 1_000, "total": 1_003, "has_more": True}


def test_nothing_found_is_an_empty_answer(anna: Client) -> None:
    body = search(anna, filters=[{"term": {"status": "expired"}}])

    assert body["results"] == []
    assert body["hits"] == 0


@pytest.mark.parametrize("slug", ["account", "activity", "credential", "spaceship"])
def test_slug_that_the_portal_does_not_show_is_forbidden(anna: Client, slug: str) -> None:
    assert refused(anna, 403, slug) == f"this portal does not show {slug}"
    assert refused(anna, 403, ["contract", slug]) == f"this portal does not show {slug}"
    anna.call("getPortalUserEntity", body={"slug": slug}, status=403)


@pytest.mark.parametrize("slug", ["activity", "credential", "spaceship"])
def test_what_is_no_entity_is_not_found_in_an_open_portal(anna: Client, slug: str) -> None:
    change(anna.world, "portal/p1", {"allowed_portal_entities": None})

    assert search(anna, slug)["results"] == []
    anna.call("getPortalUserEntity", body={"slug": slug}, status=404)


# --- filters


FILTERS: list[Any] = [
    ([{"term": {"status": "active"}}], ["900007", "900008", "900009"]),
    ([{"terms": {"branch": ["gas", "water"]}}], ["900008", "900009"]),
    ([{"$not": {"term": {"branch": "power"}}}, {"term": {"status": "approved"}}], ["900010"]),
    ([{"range": {"installment_amount": {"gte": 21000, "lt": 64000}}}], ["900007", "900010"]),
    ([{"range": {"start_date": {"gt": "now"}}}], ["900010"]),
    ([{"range": {"balance": {"gt": 0}}}], ["900008"]),
    ([{"term": {"balance_decimal": "640.00"}}], ["900008"]),
    ([{"exists": {"field": "end_date"}}], ["900011"]),
    ([{"term": {"billing_account.billing_account_number": "BA-700005"}}], "all"),
    ([{"term": {"billing_account.billing_account_number": "BA-700001"}}], []),
    ([{"term": {"meters.meter_number": "8TST0030000001"}}], ["900009"]),
    ([{"term": {"meters.counters.obis_number": "6-0:1.0.0"}}], ["900010"]),
]


@pytest.mark.parametrize(("filters", "found"), FILTERS)
def test_filters_find_contracts(sabine: Client, filters: Json, found: Any) -> None:
    everything = ["900007", "900008", "900009", "900010", "900011"]

    assert numbers(sabine, filters=filters) == (everything if found == "all" else found)


def test_filter_does_not_reach_a_slug_that_the_portal_hides(sabine: Client) -> None:
    by_account = [{"exists": {"field": "customer.customer_number"}}]
    before = numbers(sabine, filters=by_account)

    change(sabine.world, "portal/p1", {"allowed_portal_entities": None})

    assert before == []
    assert len(numbers(sabine, filters=by_account)) == 5


def test_filter_sort_words_and_templates_do_not_see_a_hidden_attribute(anna: Client) -> None:
    assert search(anna, "contact", filters=[{"exists": {"field": "internal_note"}}])["hits"] == 0
    assert search(anna, "contact", q="vormittags")["hits"] == 0
    assert search(anna, "contact", q="vormittags", q_fields=["internal_note"])["hits"] == 0
    [item] = search(anna, "contact", templates={"note": "[{{contact.internal_note}}]"})["results"]
    assert item["templates_output"] == {"note": "[]"}


def test_reference_does_not_reveal_a_hidden_attribute(anna: Client) -> None:
    reference = {"$relation_ref": [{"entity_id": id_of(anna.world, "contact/anna"), "path": "internal_note"}]}
    change(anna.world, "contract/v-900001", {"trick": reference})

    [item] = search(anna, filters=[{"term": {"contract_number": "V-900001"}}], hydrate=True)["results"]

    assert item["trick"] == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"filters": [{"foo": 1}]}, "filters[0]: there is no clause 'foo'"),
        ({"filters": [{"range": {"a": {"gt": "now-"}}}]}, "filters[0].range: 'now-' is not date arithmetic"),
        (
            {"filters_context": [{"contract": True}]},
            "filters_context[0]: 'contract' needs the id of an entity",
        ),
        ({"filters_context": [{}]}, "filters_context[0]: this has to be an object with one key"),
        ({"sort": "status"}, "sort: this has to be a field and a direction"),
        ({"sort": "status:upwards"}, "sort: this has to be a field and a direction"),
        ({"sort": "a..b:asc"}, "sort: 'a..b' is not a path"),
        ({"group": ".", "sort": "status:asc"}, "group: '.' is not a path"),
        ({"group": "status", "group_after_key": {"a": "b"}}, "group_after_key: this has to be an after_key"),
        ({"q": "x" * 1001}, "q: no more than 1000 characters"),
    ],
)
def test_bad_grammar_is_refused(anna: Client, query: Record, message: str) -> None:
    assert message in refused(anna, 400, **query)


# --- filters_context and targets


def test_context_keeps_what_hangs_on_an_entity(anna: Client) -> None:
    context = [{"contract": id_of(anna.world, "contract/v-900001")}]

    counts = {
        slug: total(anna, slug, filters_context=context)
        for slug in (
            "contract",
            "meter",
            "meter_counter",
            "billing_event",
            "billing_account",
            "contact",
            "ticket",
        )
    }

    assert counts == {
        "contract": 1,
        "meter": 1,
        "meter_counter": 1,
        "billing_event": 18,
        "billing_account": 1,
        "contact": 1,
        "ticket": 0,
    }


@pytest.mark.parametrize("context", [{"contact": True}, {"portal_user": True}, {"contact": False}])
def test_context_of_the_user_keeps_all_that_is_theirs(anna: Client, context: Record) -> None:
    assert numbers(anna, filters_context=[context]) == ["900001", "900002"]


def test_context_of_the_user_leaves_the_catalogue_out(anna: Client) -> None:
    assert total(anna, "product") == 9
    assert total(anna, "product", filters_context=[{"portal_user": True}]) < 9


def test_context_of_the_contact_leaves_out_what_belongs_to_the_firm(sabine: Client) -> None:
    assert numbers(sabine, filters_context=[{"contact": True}]) == []
    assert len(numbers(sabine, filters_context=[{"portal_user": True}])) == 5


@pytest.mark.parametrize("name", ["contract/v-900003", "contact/mehmet"])
def test_foreign_context_keeps_nothing(anna: Client, name: str) -> None:
    context = {name.partition("/")[0]: id_of(anna.world, name)}

    assert numbers(anna, filters_context=[context]) == []


def test_context_of_another_slug_keeps_nothing(anna: Client) -> None:
    assert numbers(anna, filters_context=[{"order": id_of(anna.world, "contract/v-900001")}]) == []


def test_target_narrows_the_search(nobody: Client) -> None:
    mehmet = nobody.as_("dev-mehmet")
    overdue = id_of(nobody.world, "target/zahlungsverzug")

    dates = [item["due_date"] for item in search(mehmet, "billing_event", targets=[overdue])["results"]]

    assert dates == ["2026-05-01", "2026-06-01"]


def test_unknown_target_and_one_of_another_schema_let_nothing_pass(anna: Client) -> None:
    overdue = id_of(anna.world, "target/zahlungsverzug")

    assert numbers(anna, targets=[id_of(anna.world, "contract/v-900001")]) == []
    assert numbers(anna, targets=[overdue]) == []


def test_targets_of_a_slug_replace_those_of_the_query(nobody: Client) -> None:
    mehmet = nobody.as_("dev-mehmet")
    overdue = id_of(nobody.world, "target/zahlungsverzug")
    slugs = [{"slug": "contract", "targets": []}, {"slug": "billing_event"}]

    found = search(mehmet, slugs, targets=[overdue])["results"]

    assert [item["_schema"] for item in found] == ["contract", "contract", "billing_event", "billing_event"]


# --- several slugs, words, sorting


def test_several_slugs_are_found_in_their_order(anna: Client) -> None:
    found = search(anna, ["order", "contract", "order"])["results"]

    assert [item["_schema"] for item in found] == ["order", "order", "contract", "contract"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["900001", "900002"]),
        ("   ", ["900001", "900002"]),
        ("v-900001", ["900001"]),
        ("900002", ["900002"]),
        ("ÖKO", ["900001"]),
        ("gas komf", ["900002"]),
        ("gas öko", []),
        ("trom", []),
        ("contract", []),
    ],
)
def test_every_word_begins_a_word_of_some_field(anna: Client, words: str, found: list[str]) -> None:
    assert numbers(anna, q=words) == found


def test_words_are_looked_up_in_the_given_fields_only(anna: Client) -> None:
    assert numbers(anna, q="gas", q_fields=["branch^2"]) == ["900002"]
    assert numbers(anna, q="gas", q_fields=["contract_number"]) == []
    assert numbers(anna, q="BA-7", q_fields=["billing_account.billing_account_number"]) == [
        "900001",
        "900002",
    ]
    assert numbers(anna, q="84", q_fields=["installment_amount"]) == ["900001"]


def test_words_reach_into_lists_but_not_into_ids(anna: Client) -> None:
    assert search(anna, "contact", q="anna.berger@ kirchberg")["hits"] == 1
    assert search(anna, "contact", q="addr-1")["hits"] == 0


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("contract_number:desc", ["900011", "900010", "900009", "900008", "900007"]),
        ("installment_amount:asc", ["900009", "900007", "900010", "900008", "900011"]),
        ("installment_amount:desc", ["900008", "900010", "900007", "900009", "900011"]),
        ("balance:desc", ["900008", "900007", "900009", "900010", "900011"]),
        ("meters.meter_number.keyword:asc", ["900007", "900010", "900008", "900009", "900011"]),
        ("unknown:desc", ["900007", "900008", "900009", "900010", "900011"]),
    ],
)
def test_sort_puts_what_has_no_value_last(sabine: Client, sort: str, found: list[str]) -> None:
    assert numbers(sabine, sort=sort) == found


def test_sort_goes_by_the_least_or_the_greatest_of_several_values(anna: Client) -> None:
    change(anna.world, "contract/v-900001", {"ranks": [1, 9]})
    change(anna.world, "contract/v-900002", {"ranks": [5, "x", True]})

    assert numbers(anna, sort="ranks:asc") == ["900001", "900002"]
    assert numbers(anna, sort="ranks:desc") == ["900002", "900001"]


# --- how items look


def test_item_is_the_entity_as_its_user_sees_it(anna: Client) -> None:
    first = search(anna)["results"][0]

    assert first["balance"] == 0
    assert first["balance_decimal"] == "0.00"
    assert [ref["entity_id"] for ref in first["meters"]["$relation"]] == [
        id_of(anna.world, "meter/1tst0010000001")
    ]


FIELDS: list[Any] = [
    (["first_name"], {"first_name"}),
    (["*_name", "!last_name"], {"first_name"}),
    (["!**", "birthdate"], set()),
    (["address.city"], {"address"}),
    (["address.*"], {"address"}),
    (["**.city"], {"address"}),
    ([".".join(["**"] * 2_000) + ".city"], {"address"}),
    (["[z-a]*", "["], set()),
    (["first_name.length", "nothing"], set()),
]


@pytest.mark.parametrize(("fields", "left"), FIELDS)
def test_fields_choose_attributes_and_system_fields_stay(
    anna: Client, fields: list[str], left: set[str]
) -> None:
    [item] = search(anna, "contact", fields=fields)["results"]

    assert set(item) == SYSTEM | left


def test_fields_reach_into_lists(anna: Client) -> None:
    [cities] = search(anna, "contact", fields=["address.city"])["results"]
    [rest] = search(anna, "contact", fields=["!address.street*", "!address._*", "!email"])["results"]
    [everything] = search(anna, "contact", fields=["**", "!**.country"])["results"]

    assert cities["address"] == [{"city": "Musterau"}]
    assert rest["address"] == [{"postal_code": "12345", "city": "Musterau", "country": "DE"}]
    assert "email" not in rest
    assert rest["first_name"] == "Anna"
    assert "country" not in everything["address"][0]
    assert everything["address"][0]["city"] == "Musterau"


def test_no_field_named_means_all(anna: Client) -> None:
    assert search(anna, "contact", fields=[]) == search(anna, "contact")


def test_hydrated_relation_is_a_list_of_entities(anna: Client) -> None:
    first = search(anna, hydrate=True)["results"][0]

    [account] = first["billing_account"]
    assert account["billing_account_number"] == "BA-700001"
    assert account["balance"] == 0
    assert account["$relation"] == {"entity_id": account["_id"], "_tags": []}
    assert [meter["meter_number"] for meter in first["meters"]] == ["1TST0010000001"]


def test_hydrated_reference_is_a_list_of_values(anna: Client) -> None:
    first = search(anna, hydrate=True)["results"][0]

    [address] = first["delivery_address"]
    assert (address["street"], address["city"]) == ("Am Kirchberg", "Musterau")
    assert address["$relation_ref"]["path"] == "address"


def test_hydration_leaves_out_what_the_user_may_not_see(anna: Client) -> None:
    refs = [{"entity_id": id_of(anna.world, f"contract/{name}")} for name in ("v-900003", "v-900002")]
    change(anna.world, "contract/v-900001", {"others": {"$relation": refs}, "broken": {"$relation": 7}})

    first = search(anna, hydrate=True)["results"][0]

    assert [other["contract_number"] for other in first["others"]] == ["V-900002"]
    assert first["broken"] == []
    assert first["customer"][0]["first_name"] == "Anna"
    assert "internal_note" not in first["customer"][0]


def test_file_that_is_not_shared_is_not_hydrated(anna: Client) -> None:
    names = [file["filename"] for file in search(anna, hydrate=True)["results"][0]["_files"]]

    assert len(record_of(anna.world, "contract/v-900001")["_files"]["$relation"]) == 3
    assert names == ["RE-2026-00123.pdf", "Vertrag V-900001.pdf"]


def test_fields_reach_into_hydrated_entities(anna: Client) -> None:
    first = search(anna, hydrate=True, fields=["billing_account.billing_account_number"])["results"][0]

    assert first["billing_account"] == [{"billing_account_number": "BA-700001"}]


def test_templates_are_filled_in_from_the_entity_the_contact_and_the_user(anna: Client) -> None:
    templates = {
        "line": "{{contract.contract_number}}: {{asCurrency (fromCents contract.installment_amount)}}",
        "where": "{{contract.delivery_address}}",
        "account": "{{contract.billing_account.billing_account_number}}",
        "who": "{{contact.first_name}} {{portal_user.email}}",
    }

    first = search(anna, templates=templates, fields=["status"])["results"][0]

    assert first["templates_output"] == {
        "line": "V-900001: 84,00 €",
        "where": "Am Kirchberg 4, 12345 Musterau",
        "account": "BA-700001",
        "who": "Anna anna.berger@example.org",
    }


def test_templates_of_a_slug_replace_those_of_the_query(anna: Client) -> None:
    slugs = [{"slug": "contract", "templates": {"own": "{{contract.branch}}"}}, {"slug": "order"}]

    found = search(anna, slugs, templates={"name": "{{order._title}}{{contract._title}}"})["results"]

    assert found[0]["templates_output"] == {"own": "power"}
    assert found[2]["templates_output"] == {"name": "AN-2026-00431"}


def test_highlight_marks_what_the_words_found(anna: Client) -> None:
    templates = {"title": "{{contract._title}}", "status": "{{contract.status}}"}

    [item] = search(anna, q="900001 ökos", highlight={}, templates=templates)["results"]

    assert item["templates_output"]["title"] == "V-900001 Musterau ÖkoStrom 24"
    assert item["templates_output_highlighted"] == {
        "title": "V-<em>900001</em> Musterau <em>ÖkoS</em>trom 24",
        "status": "active",
    }
    assert item["search_snippets"] == [
        {"field": "_title", "fragment": "V-<em>900001</em> Musterau <em>ÖkoS</em>trom 24"}
    ]


def test_there_is_nothing_to_highlight_without_words(anna: Client) -> None:
    [item] = search(anna, "contact", highlight={}, templates={"a": "{{contact}}"})["results"]

    assert "templates_output_highlighted" not in item
    assert "search_snippets" not in item


def test_running_workflows_are_included_on_request(anna: Client) -> None:
    opportunity = id_of(anna.world, "opportunity/op-3004")

    body = search(anna, ["opportunity", "contract"], include=["active_workflow"])

    assert list(body["includes"]["active_workflow"]) == [opportunity]
    assert body["includes"]["active_workflow"][opportunity]["status"] == "STARTED"
    assert "includes" not in search(anna, "opportunity")


def test_finished_workflow_is_not_active(nobody: Client) -> None:
    marek = nobody.as_("dev-marek")

    active = search(marek, "opportunity", include=["active_workflow"])["includes"]["active_workflow"]

    assert set(active) == {id_of(nobody.world, f"opportunity/{name}") for name in ("op-3001", "op-3002")}


# --- groups


def test_groups_are_pages_of_their_own(sabine: Client) -> None:
    body = search(sabine, group="branch", size=1, fields=["contract_number"])

    assert [(group["group"], group["group_title"], group["count"]) for group in body["groups"]] == [
        ("district_heating", "district_heating", 1),
        ("gas", "gas", 1),
        ("power", "power", 2),
        ("water", "water", 1),
    ]
    power = body["groups"][2]
    assert [item["contract_number"] for item in power["results"]] == ["V-900007"]
    assert power["pagination"] == {"from": 0, "size": 1, "total": 2, "has_more": True}
    assert body["hits"] == 4
    assert body["groups_pagination"] == {"has_more": False, "after_key": {"group": "water"}}


@pytest.mark.parametrize(
    ("direction", "pages"),
    [
        ("asc", [["district_heating", "gas"], ["power", "water"], []]),
        ("desc", [["water", "power"], ["gas", "district_heating"], []]),
    ],
)
def test_groups_go_on_after_the_key(sabine: Client, direction: str, pages: list[list[str]]) -> None:
    query: Record = {"group": "branch", "group_size": 2, "group_sort": direction}
    found = []

    for _ in pages:
        body = search(sabine, **query)
        found.append([group["group"] for group in body["groups"]])
        query["group_after_key"] = body["groups_pagination"].get("after_key")

    assert found == pages
    assert body["groups_pagination"] == {"has_more": False}


def test_group_may_be_named_by_a_path_and_titled_by_a_template(anna: Client) -> None:
    body = search(
        anna,
        group="billing_account.billing_account_number",
        group_title="Konto {{contract.billing_account.billing_account_number}}",
        include=["active_workflow"],
    )

    [group] = body["groups"]
    assert (group["group"], group["group_title"], group["count"]) == ("BA-700001", "Konto BA-700001", 2)
    assert body["includes"] == {"active_workflow": {}}


def test_numbers_sort_by_value_and_what_has_none_comes_last(sabine: Client) -> None:
    groups = [group["group"] for group in search(sabine, group="installment_amount")["groups"]]
    falling = [
        group["group"]
        for group in search(sabine, group="installment_amount", group_sort="desc", group_size=5)["groups"]
    ]
    rest = search(sabine, group="installment_amount", group_after_key={"group": 51200})["groups"]
    nothing = search(sabine, group="installment_amount", group_after_key={"group": ""})["groups"]

    assert groups == ["9500", "21000", "51200", "64000", ""]
    assert falling == ["64000", "51200", "21000", "9500", ""]
    assert [group["group"] for group in rest] == ["64000", ""]
    assert nothing == []


def test_contract_with_several_values_is_in_several_groups(anna: Client) -> None:
    change(anna.world, "contract/v-900001", {"labels": ["b", "a", "b"]})

    groups = search(anna, group="labels")["groups"]

    assert [(group["group"], group["count"]) for group in groups] == [("a", 1), ("b", 1), ("", 1)]


# --- one entity


def get(client: Client, slug: str = "contract", status: int | None = None, **query: Any) -> Any:
    return client.call("getPortalUserEntity", body={"slug": slug, **query}, status=status)


def test_entity_is_found_by_its_id(anna: Client) -> None:
    id = id_of(anna.world, "contract/v-900002")

    assert get(anna, entity_id=id)["result"]["contract_number"] == "V-900002"


def test_entity_without_an_id_is_the_first_that_fits(anna: Client) -> None:
    assert get(anna)["result"]["contract_number"] == "V-900001"
    assert get(anna, filters=[{"term": {"branch": "gas"}}])["result"]["contract_number"] == "V-900002"


@pytest.mark.parametrize("name", ["contract/v-900003", "meter/1tst0010000001", "contact/mehmet"])
def test_foreign_entity_and_one_of_another_slug_are_not_found(anna: Client, name: str) -> None:
    get(anna, entity_id=id_of(anna.world, name), status=404)


def test_entity_that_does_not_fit_is_not_found(anna: Client) -> None:
    id = id_of(anna.world, "contract/v-900002")

    get(anna, entity_id=id, filters=[{"term": {"branch": "power"}}], status=404)
    get(anna, entity_id=id, targets=[id_of(anna.world, "target/pv-kunden")], status=404)
    get(
        anna, entity_id=id, filters_context=[{"contract": id_of(anna.world, "contract/v-900001")}], status=404
    )


def test_wrong_filter_is_refused(anna: Client) -> None:
    get(anna, filters=[{"foo": 1}], status=400)


def test_entity_is_hydrated_and_its_templates_may_be_nested(anna: Client) -> None:
    result = get(
        anna,
        hydrate=True,
        fields=["billing_account.billing_account_number"],
        templates={"title": "{{contract._title}}", "card": {"line": "{{contract.branch}} {{contact}}"}},
    )["result"]

    assert result["billing_account"] == [{"billing_account_number": "BA-700001"}]
    assert result["templates_output"] == {
        "title": "V-900001 Musterau ÖkoStrom 24",
        "card": {"line": "power Anna Berger"},
    }


def test_administrator_has_no_entities_here(admin: Client) -> None:
    get(admin, status=401)
    refused(admin, 401)


@pytest.mark.parametrize(
    ("query", "limit"),
    [
        ({"filters": [{"exists": {"field": "a"}}] * 501}, "search_clauses"),
        ({"filters": [{"$or": [{"$and": [{"exists": {"field": "a"}}] * 250}] * 3}]}, "search_clauses"),
        ({"filters": [{"terms": {"_id": ["x"] * 10_001}}]}, "search_values"),
        ({"filters": [{"ids": {"values": ["x"] * 6_000}}] * 2}, "search_values"),
        ({"q": " ".join(f"w{n}" for n in range(51))}, "search_words"),
        ({"q_fields": ["a"] * 201, "q": "x"}, "search_fields"),
        ({"fields": [f"a{n}" for n in range(201)]}, "search_fields"),
        ({"targets": ["00000000-0000-4000-8000-000000000000"] * 201}, "search_fields"),
        ({"filters_context": [{"contact": True}] * 201}, "search_fields"),
    ],
)
def test_search_that_asks_too_much_is_refused_by_its_limit(anna: Client, query: Record, limit: str) -> None:
    message = refused(anna, 400, "contact", **query)

    assert message.endswith(f"(limit {limit})")


def test_results_that_are_repeated_in_every_group_cannot_blow_up_the_answer(anna: Client) -> None:
    anna.call("updateContact", body={"note": "x" * 1_000_000})
    path = "contracts.billing_events._id"

    message = refused(anna, 400, "contact", group=path, hydrate=True)

    assert message == f"{LIMITS.said('answer')}; ask for less"


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"size": 1.0}, 1),
        ({"from": 1.0}, 1),
        ({"size": 1e300}, 2),
        ({"group": "status", "group_size": 1.0}, 1),
    ],
)
def test_whole_number_may_be_written_as_a_float(anna: Client, query: Record, shown: int) -> None:
    found = search(anna, slug="contract", **query)

    assert found["hits"] == shown
