"""The collections of the Portal API, the relations between their records, and the system fields of entities."""

from mockportal.portal.tokens import TOKENS
from mockportal.state.data_model import Kind, Relation, RelationForm, data_model
from mockportal.state.store import Draft
from mockportal.values import Json, Record


def relation(*ids: str) -> Record:
    """`{"$relation": [{"entity_id": id}, …]}`"""
    return {"$relation": [{"entity_id": id} for id in ids]}


def related_ids(value: Json) -> list[str]:
    """The ids in a relation attribute; empty for anything else."""
    if not isinstance(value, dict):
        return []
    items = value.get("$relation")
    if not isinstance(items, list):
        return []
    return [
        item["entity_id"]
        for item in items
        if isinstance(item, dict) and isinstance(item.get("entity_id"), str)
    ]


def system_fields(slug: str, id: str, org: str, title: str, created_at: str) -> Record:
    """What every entity carries, for one that has just been made."""
    return {
        "_id": id,
        "_schema": slug,
        "_org": org,
        "_title": title,
        "_created_at": created_at,
        "_updated_at": created_at,
    }


def completed(kind: Kind, record: Record, alias: str, draft: Draft, now: str) -> Record:
    """An entity with the system fields that it does not say itself: its alias is its title, and it belongs to the
    first organization."""
    if not kind.entity:
        return record
    org = next((str(one["org_id"]) for one in draft.collection("organization")), "0")
    fields = system_fields(kind.name, str(record["_id"]), org, alias, now)
    return {**fields, "_updated_at": record.get("_created_at", now), **record}


def _entity(name: str, schema: str = "EntityItem", *indexes: str) -> Kind:
    return Kind(name, schema, key="_id", entity=True, indexes=indexes)


_KINDS = (
    _entity("account"),
    _entity("billing_account", "BillingAccount"),
    _entity("billing_event", "BillingEvent"),
    _entity("contact", "Contact"),
    _entity("contract", "EntityItem", "contract_number"),
    _entity("file", "FileItem"),
    _entity("meter", "Meter"),
    _entity("meter_counter"),
    _entity("opportunity", "Opportunity"),
    _entity("order", "Order"),
    _entity("portal_user", "PortalUser", "email", "portal_id"),
    _entity("price"),
    _entity("product", "Product"),
    _entity("submission"),
    _entity("ticket"),
    Kind("activity", "ActivityItem", key="_id", ids="ulid", indexes=("entity_ids",)),
    Kind("campaign"),
    Kind("confirmation", key="token", ids="alias"),
    Kind("credential", key="portal_user_id", ids="alias"),
    Kind("download", indexes=("file_id",)),
    Kind("edit", indexes=("entity_id",)),
    Kind("email_templates", "EmailTemplates", key="portal_id"),
    Kind("extension", "Extension"),
    Kind("integration"),
    Kind("interest"),
    Kind("mail"),
    Kind("meter_reading", "MeterReading", indexes=("counter_id", "meter_id")),
    Kind("notification", indexes=("portal_user_id",)),
    Kind("organization", key="org_id", ids="alias"),
    Kind("page", "Page", indexes=("portal_id",)),
    Kind("portal", "PortalConfigV3", key="portal_id", indexes=("domain", "epilot_domain")),
    Kind("schema", "Schema", key="slug", ids="alias"),
    Kind("session", key="refresh_token", ids="alias", indexes=("portal_user_id",)),
    Kind("target"),
    Kind("widget_list", "UpsertPortalWidget", key="portal_id"),
    Kind("workflow", "WorkflowExecution", ids="short", indexes=("context_id",)),
)

_CUSTOMERS = ("contact", "account")
_RELATIONS = (
    Relation("billing_account", "billing_contact", "billing_accounts", _CUSTOMERS),
    Relation("billing_event", "contract", "billing_events", ("contract",)),
    Relation("contact", "account", "contacts", ("account",)),
    Relation("contract", "billing_account", "contracts", ("billing_account",)),
    Relation("contract", "customer", "contracts", _CUSTOMERS),
    Relation("contract", "order", "contracts", ("order",)),
    Relation("meter", "contract", "meters", ("contract",)),
    Relation("meter", "customer", "meters", _CUSTOMERS),
    Relation("meter_counter", "meter", "counters", ("meter",)),
    Relation("opportunity", "customer", "opportunities", _CUSTOMERS),
    Relation("opportunity", "installer", "opportunities", _CUSTOMERS),
    Relation("order", "customer", "orders", _CUSTOMERS),
    Relation("order", "opportunities", "items", ("opportunity",)),
    Relation("portal_user", "mapped_contact", "portal_users", ("contact",)),
    Relation("ticket", "customer", "tickets", _CUSTOMERS),
)

COLLECTIONS = data_model(
    _KINDS,
    _RELATIONS,
    relation_form=RelationForm(relation, related_ids, marked=True),
    tokens=TOKENS,
    complete=completed,
    updated_attribute="_updated_at",
)
INVERSE_NAMES = frozenset(COLLECTIONS.inverses.values())
