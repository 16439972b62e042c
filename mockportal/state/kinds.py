"""The collections of a world: which component schema checks a record, its key, and what is looked up fast."""

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Kind:
    """`schema` is the component schema of the raw record (None: free form); `ids` is uuid, short or ulid.

    An `entity` carries the system fields `_id, _schema, _org, _title, _created_at, _updated_at`.
    """

    name: str
    schema: str | None
    key: str = "_id"
    ids: str = "uuid"
    entity: bool = False
    indexes: tuple[str, ...] = ()


def _entity(name: str, schema: str = "EntityItem", *indexes: str) -> Kind:
    return Kind(name, schema, entity=True, indexes=indexes)


def _table(kinds: Iterable[Kind]) -> MappingProxyType[str, Kind]:
    return MappingProxyType({kind.name: kind for kind in kinds})


KINDS = _table(
    (
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
        Kind("activity", "ActivityItem", ids="ulid", indexes=("entity_ids",)),
        Kind("campaign", None, key="id"),
        Kind("confirmation", None, key="token"),
        Kind("credential", None, key="portal_user_id"),
        Kind("download", None, key="id", indexes=("file_id",)),
        Kind("edit", None, key="id", indexes=("entity_id",)),
        Kind("email_templates", "EmailTemplates", key="portal_id"),
        Kind("extension", "Extension", key="id"),
        Kind("integration", None, key="id"),
        Kind("interest", None, key="id"),
        Kind("mail", None, key="id"),
        Kind("meter_reading", "MeterReading", key="id", indexes=("counter_id", "meter_id")),
        Kind("notification", None, key="id", indexes=("portal_user_id",)),
        Kind("organization", None, key="org_id"),
        Kind("page", "Page", key="id", indexes=("portal_id",)),
        Kind("portal", "PortalConfigV3", key="portal_id", indexes=("domain", "epilot_domain")),
        Kind("resource", None, key="key", indexes=("path",)),
        Kind("revocation", None, key="family"),
        Kind("schema", "Schema", key="slug"),
        Kind("session", None, key="refresh_token", indexes=("portal_user_id",)),
        Kind("target", None, key="id"),
        Kind("widget_list", "UpsertPortalWidget", key="portal_id"),
        Kind("workflow", "WorkflowExecution", key="id", ids="short", indexes=("context_id",)),
    )
)


@dataclass(frozen=True, slots=True)
class Relation:
    """Records of `kind` name others in `attribute`; those, of the kinds `targets`, show it back as `inverse`.

    The inverse is never stored: it is read from the index of relations, so it is right after every write.
    """

    kind: str
    attribute: str
    inverse: str
    targets: tuple[str, ...]


_CUSTOMERS = ("contact", "account")
RELATIONS = (
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
INVERSES = MappingProxyType({(one.kind, one.attribute): one.inverse for one in RELATIONS})
INVERSE_NAMES = frozenset(INVERSES.values())
# kind of the target → the relations that may lead to it
RELATIONS_TO = MappingProxyType(
    {kind: tuple(one for one in RELATIONS if kind in one.targets) for kind in KINDS}
)
