"""A user claims contracts by what is printed on the bill: every configured identifier has to match."""

from collections.abc import Iterator, Mapping

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import BadRequest, Conflict, Forbidden
from mockportal.portal.collections import related_ids, relation
from mockportal.portal.configuration.extensions import selected_hook
from mockportal.portal.customer.contact import own_contact
from mockportal.portal.entity.activities import CONTRACTS_CLAIMED, record_activity
from mockportal.portal.entity.views import entity_view, find_entity
from mockportal.portal.entity.visibility import is_visible
from mockportal.portal.identity.identification import candidates, has_values
from mockportal.state.store import Draft
from mockportal.values import Json, Record

Identifiers = Mapping[str, Mapping[str, str]]

_HOOK = "contractIdentification"
_OF_CUSTOMER = frozenset(("account", "billing_account", "contact"))  # these name a customer, not one contract
_SLUGS = frozenset((*_OF_CUSTOMER, "contract", "meter"))


@operation("addContractByIdentifiers")
def claim_contracts(call: Call, state: Draft) -> Json:
    """Several matches are a conflict unless the identifiers are those of a customer; a draft cannot be claimed.

    Nothing found is no error: 200 with no hits. What is visible already stays as it is.
    """
    selected = selected_hook(call.caller.realm, state, _HOOK)
    hook = selected[1] if selected else None
    contracts = _claimable(call, state, _identifiers(call, hook))
    unseen = [one for one in contracts if not is_visible(call.caller, state, "contract", one)]
    mode = (hook or {}).get("assignment_mode")
    assign = _represent_customers if mode == "contact_to_portal_user" else _add_customer
    assigned = assign(call, state, unseen, hook or {})
    if assigned:
        entities = [*assigned, own_contact(call, state)]
        titles = ", ".join(str(contract["_title"]) for contract in assigned)
        record_activity(call, state, CONTRACTS_CLAIMED, entities, contracts=titles)
    added = {one["_id"]: one for one in assigned}
    now = [added.get(one["_id"], one) for one in contracts if one not in unseen or one["_id"] in added]
    return {"data": [entity_view(call.caller, state, one) for one in now], "hits": len(now)}


def _claimable(call: Call, state: Draft, identifiers: Identifiers) -> list[Record]:
    slug, attributes = next(iter(identifiers.items()))
    having = (one for one in candidates(state, slug, attributes) if has_values(one, attributes))
    ids = {id for one in having for id in _contracts_of(state, slug, one)}
    contracts = state.collection("contract").oldest_first(ids)
    own = (contract for contract in contracts if contract["_org"] == call.caller.org)
    found = [contract for contract in own if _matches(state, contract, identifiers)]
    if len(found) > 1 and not identifiers.keys() <= _OF_CUSTOMER:
        raise Conflict("several contracts match", reason="MULTIPLE")
    live = [contract for contract in found if contract.get("status") != "draft"]
    if found and not live:
        raise Conflict("the contract is a draft", reason="DRAFT")
    return live


def _identifiers(call: Call, hook: Record | None) -> Identifiers:
    """The identifiers in the body, none of them missing. Raises `Forbidden`, `BadRequest`."""
    wanted = {
        (item.get("schema", "contract"), item.get("name"))
        for item in call.caller.realm.get("contract_identifiers") or ()
    }
    if not wanted and hook is None:
        raise Forbidden("this portal does not let users add contracts")
    given = {
        (slug, name)
        for slug, attributes in call.fields.items()
        for name, value in attributes.items()
        if value.strip()
    }
    unknown = given - wanted if wanted else {pair for pair in given if pair[0] not in _SLUGS}
    if unknown or wanted - given or not given:
        names = sorted(f"{slug}.{name}" for slug, name in wanted) or ["a contract, customer or meter"]
        raise BadRequest(f"identify the contract by {' and '.join(names)}")
    return {
        slug: {name: call.fields[slug][name] for known, name in given if known == slug}
        for slug in sorted({slug for slug, _ in given})
    }


def _matches(state: Draft, contract: Record, identifiers: Identifiers) -> bool:
    """True if, for every slug, one entity that belongs to the contract has all the given values."""
    return all(
        any(has_values(entity, attributes) for entity in _entities(state, contract, slug))
        for slug, attributes in identifiers.items()
    )


def _entities(state: Draft, contract: Record, slug: str) -> Iterator[Record]:
    """The contract itself, its meters, its billing account, or its customer (and the account of a contact)."""
    if slug == "contract":
        yield contract
    elif slug == "meter":
        yield from state.referring(str(contract["_id"]), "meter", "contract")
    else:
        ids = related_ids(contract.get("billing_account" if slug == "billing_account" else "customer"))
        for entity in (find_entity(state, id) for id in ids):
            if entity is not None and entity["_schema"] == slug:
                yield entity
            elif entity is not None and slug == "account":
                accounts = (state.collection("account").find(id) for id in related_ids(entity.get("account")))
                yield from (account for account in accounts if account is not None)


def _contracts_of(state: Draft, slug: str, entity: Record) -> Iterator[str]:
    """The ids of the contracts that an entity may be one of the `_entities` of."""
    id = str(entity["_id"])
    if slug == "contract":
        yield id
    elif slug == "meter":
        yield from related_ids(entity.get("contract"))
    else:
        attribute = "billing_account" if slug == "billing_account" else "customer"
        yield from (str(one["_id"]) for one in state.referring(id, "contract", attribute))
    if slug == "account":
        for contact in state.referring(id, "contact", "account"):
            yield from _contracts_of(state, "contact", contact)


def _add_customer(call: Call, state: Draft, contracts: list[Record], hook: Record) -> list[Record]:
    """Makes the user's contact a customer of the contracts, in addition to the customers they already have."""
    contact = str(own_contact(call, state)["_id"])
    changed = []
    for contract in contracts:
        for name in dict.fromkeys(("customer", hook.get("contact_relation_attribute") or "customer")):
            customers = relation(*related_ids(contract.get(name)), contact)
            contract = state.collection("contract").patch(str(contract["_id"]), {name: customers})
        changed.append(contract)
    return changed


def _represent_customers(call: Call, state: Draft, contracts: list[Record], hook: Record) -> list[Record]:
    """The user represents the contacts of the contracts from now on; the contracts stay as they are."""
    user = call.caller.user
    found = {id: one for one in contracts for id in related_ids(one.get("customer"))}
    contacts = [id for id in found if id in state.collection("contact")]
    if contacts:
        represented = [*related_ids(user.get("represents")), *contacts]
        state.collection("portal_user").patch(str(user["_id"]), {"represents": relation(*represented)})
    return [one for one in contracts if any(id in contacts for id in related_ids(one.get("customer")))]
