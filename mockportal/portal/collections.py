"""The collections of the Portal API, the relations between their records, and the system fields of entities."""

from collections.abc import Iterable

from mockportal.portal.attributes import attributes_of_entity
from mockportal.portal.record_attributes import RECORDS, TOKEN_CONDITIONS
from mockportal.portal.tokens import TOKENS, first_organization
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
    """The fields that every entity carries, for one that has just been made."""
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
    first organization, as does a portal that names none."""
    if kind.name == "portal":
        return {"organization_id": first_organization(draft), **record}
    if not kind.entity:
        return record
    fields = system_fields(kind.name, str(record["_id"]), first_organization(draft), alias, now)
    return {**fields, "_updated_at": record.get("_created_at", now), **record}


def own_attributes(kind: str, draft: Draft) -> Iterable[str]:
    """The attributes that the schema of an entity names."""
    schema = draft.collection("schema").find(kind) or {}
    return [one["name"] for one in schema.get("attributes", ())]


def _entity(
    name: str,
    schema: str = "EntityItem",
    indexes: tuple[str, ...] = (),
    views: tuple[str, ...] = (),
    reshaped: frozenset[str] = frozenset(),
    required: tuple[str, ...] = (),
    texts: tuple[str, ...] = (),
) -> Kind:
    return Kind(
        name,
        schema,
        key="_id",
        entity=True,
        indexes=indexes,
        views=("EntityItem", *views),
        reshaped=reshaped,
        attributes=attributes_of_entity(name),
        required=required,
        texts=texts,
    )


def _records(
    name: str,
    schema: str | None = None,
    key: str = "id",
    ids: str = "uuid",
    indexes: tuple[str, ...] = (),
    views: tuple[str, ...] = (),
    required: tuple[str, ...] = (),
    conditions: tuple[Record, ...] = (),
) -> Kind:
    return Kind(
        name,
        schema,
        key,
        ids,
        indexes=indexes,
        views=views,
        attributes=RECORDS[name],
        required=required,
        conditions=conditions,
    )


# What the older operations show of a contract as text or as an integer.
_TEXT_IN_CONTRACTS = frozenset(
    (
        "additional_addresses",
        "billing_address",
        "billing_due_day",
        "billing_duration_amount",
        "delivery_address",
        "installment_amount",
        "notice_time_amount",
        "renewal_duration_amount",
    )
)
# The full form of a portal, for the organization itself.
_OWN_PORTAL = "/paths/~1v3~1portal~1org~1portal~1config/get/responses/200/content/application~1json/schema"

_KINDS = (
    _entity("account", texts=("customer_number", "name")),
    _entity("asset"),
    _entity("billing_account", "BillingAccount", texts=("billing_account_number",)),
    _entity("billing_event", "BillingEvent"),
    _entity(
        "contact",
        "Contact",
        views=("BusinessPartnerItem",),
        reshaped=frozenset(("email",)),
        texts=("customer_number", "email", "last_name"),
    ),
    _entity(
        "contract",
        "EntityItem",
        ("contract_number",),
        ("Contract",),
        reshaped=_TEXT_IN_CONTRACTS,
        texts=("contract_number",),
    ),
    _entity("file", "FileItem"),
    _entity("meter", "Meter", texts=("ma_lo_id", "meter_number")),
    _entity("meter_counter"),
    _entity("opportunity", "Opportunity"),
    _entity("order", "Order"),
    _entity(
        "portal_user",
        "PortalUser",
        ("email", "external_id", "portal_id"),
        required=("email", "portal_id"),
        texts=("email", "external_id"),
    ),
    _entity("price"),
    _entity("product", "Product"),
    _entity("submission"),
    _entity("ticket"),
    _records("activity", "ActivityItem", "_id", "ulid", indexes=("entity_ids",)),
    _records("campaign", required=("id",)),
    _records("challenge", indexes=("username",), required=("id", "name", "client_id", "expires_at")),
    _records(
        "confirmation",
        key="token",
        ids="alias",
        required=("token", "purpose", "expires_at"),
        conditions=TOKEN_CONDITIONS,
    ),
    _records("credential", key="portal_user_id", ids="alias", required=("portal_user_id", "password")),
    _records("download", indexes=("file_id",), required=("id", "portal_user_id", "file_id")),
    _records("edit", indexes=("entity_id",), required=("id", "entity_id", "attributes", "at")),
    _records("email_templates", "EmailTemplates", "portal_id"),
    _records(
        "export", indexes=("portal_user_id",), required=("id", "portal_user_id", "created_at", "content")
    ),
    _records("extension", "Extension", views=("PublicExtensionDetails",)),
    _records("integration", required=("id",)),
    _records("interest", required=("id",)),
    _records("mail", required=("id",)),
    _records("meter_reading", "MeterReading", indexes=("counter_id", "meter_id")),
    _records("notification", indexes=("portal_user_id",), required=("id", "portal_user_id")),
    _records("organization", key="org_id", ids="alias", required=("org_id",)),
    _records("page", "Page", indexes=("portal_id",)),
    _records(
        "portal",
        "PortalConfigV3",
        "portal_id",
        indexes=("domain", "epilot_domain"),
        views=("PortalConfig", _OWN_PORTAL),
        required=("organization_id",),
    ),
    _records(
        "revision",
        key="revision_id",
        ids="alias",
        indexes=("portal_id",),
        required=("revision_id", "portal_id", "created_at", "config", "pages"),
    ),
    _records("schema", "Schema", "slug", "alias", required=("slug",)),
    _records(
        "session",
        None,
        "refresh_token",
        "alias",
        indexes=("portal_user_id",),
        required=("family", "portal_user_id"),
    ),
    _records("target", required=("id",)),
    _records("upload", required=("id",)),
    _records("user_pool", key="portal_id"),
    _records("widget_list", "UpsertPortalWidget", "portal_id"),
    _records("workflow", "WorkflowExecution", ids="short", indexes=("context_id",)),
)

_CUSTOMERS = ("contact", "account")
_RELATIONS = (
    Relation("asset", "customer", "assets", _CUSTOMERS),
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
    own_attributes=own_attributes,
)
INVERSE_NAMES = frozenset(COLLECTIONS.inverses.values())
