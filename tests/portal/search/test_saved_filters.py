"""Whom the targets of the default dataset fit."""

from dataclasses import replace

import pytest

from mockportal.engine.call import Caller
from mockportal.engine.world import World
from mockportal.errors import BadRequest
from mockportal.portal.entity.paths import PLAIN
from mockportal.portal.search.saved_filters import compile_saved_filter, saved_filter_matches
from tests.support.changes import change, id_of, record_of

FITS = [
    ("pv-kunden", ("hoffmann", "jonas")),
    ("gewerbe", ("sabine", "lukas")),
]
PEOPLE = ("anna", "mehmet", "hoffmann", "jonas", "petra", "sabine", "lukas", "tom", "lea")


def caller_of(world: World, person: str) -> Caller:
    user = record_of(world, f"portal_user/{person}")
    portal = world.draft().collection("portal").get(user["portal_id"])
    return Caller("portal", subject=user["_id"], org=user["_org"], user=user, realm=portal)


def fits(world: World, target: str, person: str) -> bool:
    return saved_filter_matches(caller_of(world, person), world.draft(), id_of(world, f"target/{target}"))


@pytest.mark.parametrize(("target", "people"), FITS)
def test_target_fits(world: World, target: str, people: tuple[str, ...]) -> None:
    assert tuple(person for person in PEOPLE if fits(world, target, person)) == people


def test_target_over_billing_events_fits_who_has_such_an_event(world: World) -> None:
    assert fits(world, "zahlungsverzug", "mehmet")
    assert not fits(world, "zahlungsverzug", "anna")


def test_target_without_contract_fits_who_has_none(world: World) -> None:
    assert fits(world, "kein-vertrag", "lea")
    assert not fits(world, "kein-vertrag", "anna")


def test_who_represents_a_contact_is_judged_by_it(world: World) -> None:
    assert not fits(world, "kein-vertrag", "jonas")


def test_unknown_target_fits_nobody(world: World) -> None:
    anna = caller_of(world, "anna")

    assert not saved_filter_matches(anna, world.draft(), "no-such-target")
    assert not compile_saved_filter(anna, world.draft(), "no-such-target")(
        PLAIN, record_of(world, "contact/anna")
    )


def test_context_entity_may_fit_where_the_user_does_not(world: World) -> None:
    lea = caller_of(world, "lea")
    overdue = record_of(world, "billing_event/v-900003-2026-05")
    target = id_of(world, "target/zahlungsverzug")

    assert saved_filter_matches(lea, world.draft(), target, [overdue])
    assert not saved_filter_matches(lea, world.draft(), target, [record_of(world, "contact/mehmet")])


def test_for_an_administrator_only_context_entities_count(world: World) -> None:
    admin = Caller("admin", org="500001")
    target = id_of(world, "target/pv-kunden")

    assert saved_filter_matches(admin, world.draft(), target, [record_of(world, "contact/claudia")])
    assert not saved_filter_matches(admin, world.draft(), target)


def test_target_looks_at_what_the_portal_hides(world: World) -> None:
    change(world, "target/gewerbe", {"filters": [{"exists": {"field": "internal_note"}}]})

    assert fits(world, "gewerbe", "anna")


def test_target_of_an_unknown_schema_fits_nobody(world: World) -> None:
    change(world, "target/gewerbe", {"schema": "spaceship", "filters": []})

    assert not fits(world, "gewerbe", "anna")


def test_target_with_a_wrong_filter_is_refused_by_name(world: World) -> None:
    change(world, "target/gewerbe", {"filters": [{"trem": {"a": 1}}]})

    with pytest.raises(
        BadRequest, match=f"target {id_of(world, 'target/gewerbe')}\\[0\\]: there is no clause"
    ):
        fits(world, "gewerbe", "anna")


def test_user_without_a_contact_is_fitted_by_no_contact_target(world: World) -> None:
    anna = caller_of(world, "anna")
    alone = replace(anna, user={name: value for name, value in anna.user.items() if name != "mapped_contact"})

    assert not saved_filter_matches(alone, world.draft(), id_of(world, "target/kein-vertrag"))
