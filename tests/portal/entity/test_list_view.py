from mockportal.portal.entity.list_view import journey_actions, newest_first
from mockportal.portal.entity.visibility import is_open


def test_later_one_of_two_made_at_the_same_instant_comes_first() -> None:
    old = {"_id": "old", "_created_at": "2026-01-01T00:00:00.000Z"}
    first = {"_id": "first", "_created_at": "2026-06-15T09:00:00+02:00"}
    second = {"_id": "second", "_created_at": "2026-06-15T07:00:00.000Z"}

    found = newest_first([old, first, second])

    assert [record["_id"] for record in found] == ["second", "first", "old"]


def test_action_is_spelt_as_the_answer_spells_it() -> None:
    label = {"en": "Report a move"}
    rules = [{"entity": "contract", "attribute": "branch", "attribute_value": "gas"}]
    actions = [
        {"slug": "contract", "journey_id": "j1", "action_Label": label},
        {"slug": "contract", "journey_id": "j2", "action_label": label, "rules": rules, "other": 1},
        {"slug": "order", "journey_id": "j3"},
    ]

    assert journey_actions({"entity_actions": actions}, "contract") == [
        {"slug": "contract", "journey_id": "j1", "action_label": label},
        {"slug": "contract", "journey_id": "j2", "action_label": label, "rules": rules},
    ]
    assert journey_actions({}, "contract") == []


def test_slug_is_open_where_list_and_grants_agree() -> None:
    portal = {
        "allowed_portal_entities": ["contact", "order"],
        "grants": [{"action": "entity:view", "resource": "contact:*"}],
    }

    assert is_open(portal, "contact")
    assert not is_open(portal, "order")
    assert not is_open(portal, "meter")
    assert is_open({}, "meter")
