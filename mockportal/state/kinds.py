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

# (collection, attribute) of a stored relation → the name under which its target shows it. The inverse is never
# stored: it is read from the index of relations, so it is right after every write.
INVERSES = MappingProxyType(
    {
        ("billing_account", "billing_contact"): "billing_accounts",
        ("billing_event", "contract"): "billing_events",
        ("contact", "account"): "contacts",
        ("contract", "billing_account"): "contracts",
        ("contract", "customer"): "contracts",
        ("contract", "order"): "contracts",
        ("meter", "contract"): "meters",
        ("meter", "customer"): "meters",
        ("meter_counter", "meter"): "counters",
        ("opportunity", "customer"): "opportunities",
        ("opportunity", "installer"): "opportunities",
        ("order", "customer"): "orders",
        ("order", "opportunities"): "items",
        ("portal_user", "mapped_contact"): "portal_users",
        ("ticket", "customer"): "tickets",
    }
)
INVERSE_NAMES = frozenset(INVERSES.values())
