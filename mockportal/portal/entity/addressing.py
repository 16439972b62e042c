"""Finds the portal of a call: `portal_id` beats `domain`, which beats `org_id` and `origin`, which beat the token."""

import re
from collections.abc import Iterable, Sequence

from mockportal.engine.call import Call
from mockportal.errors import BadRequest, Forbidden, NotFound
from mockportal.state.store import Draft
from mockportal.values import Record

CUSTOMERS = "END_CUSTOMER_PORTAL"  # the origin of the portals of end customers

_LOCAL = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?")
_NAMES = frozenset(("portal_id", "domain", "org_id", "origin"))


def portal_of(call: Call, state: Draft) -> Record:
    """The portal that the parameters name, else that of the token, else the only one of the organization.

    A portal token may name no other portal than its own. Raises `NotFound`, `Forbidden`, `BadRequest`.
    """
    own = call.caller.realm
    if (
        own
        and call.params.get("origin") == own.get("origin")
        and not call.params.keys() & {"portal_id", "domain"}
    ):
        return own  # of several portals with this origin, a user's own
    portal = _named(call, state)
    if call.caller.kind != "portal":
        return portal if portal is not None else _only(call, state)
    if portal is not None and portal["portal_id"] != own["portal_id"]:
        raise Forbidden("this token belongs to another portal")
    return own


def portal_by_domain(state: Draft, domain: str) -> Record:
    """The portal with this domain, epilot domain or alias; case does not count. Raises `NotFound`.

    The portal of end customers is reached under every local address that no portal has as its domain.
    """
    wanted = domain.lower()
    portals = list(state.collection("portal"))
    for portal in portals:
        if wanted in domains_of(portal):
            return portal
    customers = _customer_portal(portals) if is_local(wanted) else None
    if customers is not None:
        return customers
    raise NotFound(f"there is no portal with the domain {domain!r}")


def is_reached_at(state: Draft, portal: Record, domain: str) -> bool:
    """True if `portal_by_domain` finds this portal under this domain."""
    try:
        found = portal_by_domain(state, domain)
    except NotFound:
        return False
    return bool(found["portal_id"] == portal["portal_id"])


def is_local(domain: str) -> bool:
    """True for this machine with or without a port, such as `localhost:5173`: a frontend that is being developed."""
    return _LOCAL.fullmatch(domain.lower()) is not None


def add_domains(state: Draft, domains: Sequence[str]) -> None:
    """Adds aliases to the domain of the portal of end customers; those that another portal has stay there."""
    portals = list(state.collection("portal"))
    taken = {name for portal in portals for name in domains_of(portal)}
    portal = _customer_portal(portals)
    if portal is not None:
        more = [name for name in dict.fromkeys(domains) if name not in taken]
        aliases = [*portal.get("domain_aliases", ()), *more]
        state.collection("portal").put({**portal, "domain_aliases": aliases})


def domains_of(portal: Record) -> set[str]:
    """Every name under which a portal is reached, in lower case."""
    names = [portal.get("domain"), portal.get("epilot_domain"), *portal.get("domain_aliases", ())]
    return {name.lower() for name in names if name}


def default_portal(portals: Iterable[Record], origin: str) -> Record:
    """The oldest enabled portal of an origin that is no dummy, else the oldest one. Raises `NotFound`."""
    found = [portal for portal in portals if portal.get("origin") == origin]
    live = [portal for portal in found if portal.get("enabled") and not portal.get("is_dummy")]
    if not found:
        raise NotFound(f"there is no portal with the origin {origin!r}")
    return (live or found)[0]


def _customer_portal(portals: Sequence[Record]) -> Record | None:
    known = any(portal.get("origin") == CUSTOMERS for portal in portals)
    return default_portal(portals, CUSTOMERS) if known else None


def portals_of(org: str, state: Draft) -> list[Record]:
    """The portals of an organization, oldest first."""
    return [portal for portal in state.collection("portal") if portal.get("organization_id", org) == org]


def _named(call: Call, state: Draft) -> Record | None:
    given = call.params if call.operation.parameters else call.fields
    for name in _NAMES & given.keys():
        if not isinstance(given[name], str):
            raise BadRequest(f"{name}: this has to be a text")
    org = given.get("org_id") or call.caller.org
    if "portal_id" in given:
        portal = state.collection("portal").find(given["portal_id"])
        if portal is None or (org and portal.get("organization_id", org) != org):
            raise NotFound("there is no such portal")
        return portal
    if "domain" in given:
        portal = portal_by_domain(state, given["domain"])
        if call.caller.org and portal.get("organization_id", call.caller.org) != call.caller.org:
            raise NotFound("there is no such portal")
        return portal
    if "origin" in given:
        return default_portal(portals_of(org, state), given["origin"])
    return None


def _only(call: Call, state: Draft) -> Record:
    portals = portals_of(call.caller.org, state) if call.caller.kind == "admin" else []
    if len(portals) != 1:
        raise BadRequest("name a portal: " + ", ".join(_addresses(call)))
    return portals[0]


def _addresses(call: Call) -> list[str]:
    known = [parameter.name for parameter in call.operation.parameters]
    return [name for name in ("portal_id", "domain", "org_id", "origin") if name in known] or ["origin"]


def org_of(state: Draft, portal: Record) -> str:
    """The organization of a portal; one that names none belongs to the first there is."""
    first = next((str(one["org_id"]) for one in state.collection("organization")), "")
    return str(portal.get("organization_id", first))
