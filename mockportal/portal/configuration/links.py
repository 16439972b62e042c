"""Links out of the portal: those of its configuration, and those of extensions that take the user's login along."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote, urlencode

from mockportal.engine.api import operation
from mockportal.engine.call import Call, Caller
from mockportal.errors import Forbidden, NotFound
from mockportal.portal.collections import related_ids, relation
from mockportal.portal.configuration.hooks import enabled_extension
from mockportal.portal.entity.addressing import portal_of
from mockportal.portal.entity.paths import Lens, lens_of, values_at
from mockportal.portal.entity.templates import render, text_of
from mockportal.portal.entity.visibility import call_visible, visible
from mockportal.spec.operations import JSON_TYPE
from mockportal.state.ids import stable_uuid
from mockportal.state.store import Draft
from mockportal.values import Json, Record, decode

_PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}")
_TTL = 300  # seconds that the answer of a link's login is kept, unless it says so itself


@operation("getExternalLinks", "getExternalLinksV3")
def list_links(call: Call, state: Draft) -> Json:
    """In the order of the configuration, without those that do not apply to the contact."""
    return [link for link in _links(_viewer(call, state), state) if _is_answer(call, [link])]


@operation("getResolvedExternalLink", "getResolvedExternalLinkV3")
def resolve_link(call: Call, state: Draft) -> Json:
    """A link that does not apply to the contact is not found."""
    viewer = _viewer(call, state)
    links = (link for link in _links(viewer, state) if _is_answer(call, link))
    link = next((link for link in links if link["id"] == call.params["id"]), None)
    if link is None:
        raise NotFound(f"there is no link {call.params['id']}")
    return {**link, "link": _filled(link["link"], _own(viewer, state), lens_of(viewer, state))}


@operation("getResolvedSeamlessLink")
def resolve_seamless_link(call: Call, state: Draft) -> Json:
    """The login at the other system is played, not made; its token stays the same for as long as it is kept."""
    extension = enabled_extension(call, state)
    link = next((own for own in extension.get("links", ()) if own["id"] == call.params["link_id"]), None)
    if link is None:
        raise NotFound(f"the extension {extension['id']!r} has no link {call.params['link_id']!r}")
    lens = lens_of(call.caller, state)
    context = _link_context(call, state, extension, lens)
    if "condition" in link and render(link["condition"], context, lens).strip() in ("", "false"):
        raise Forbidden(f"the link {link['id']!r} does not apply to this contact")
    if "auth" in link:
        name = f"{extension['id']}/{link['id']}"
        context["AuthResponse"] = _auth_response(state, name, link["auth"], context, lens)
    redirect = link["redirect"]
    address, hash, fragment = _filled(redirect.get("url", ""), context, lens).partition("#")
    params = {name: render(value, context, lens) for name, value in redirect.get("params", {}).items()}
    mark = "" if not params else "&" if "?" in address else "?"
    return {"link": f"{address}{mark}{urlencode(params)}{hash}{fragment}"}


def _viewer(call: Call, state: Draft) -> Caller:
    """The caller whose data decide: the contact that is named, else the caller. Raises `NotFound`, `Forbidden`."""
    portal = portal_of(call, state)
    id = call.params.get("contactId")
    if id is None:
        return call.caller if call.caller.kind == "portal" else Caller(kind="admin", realm=portal)
    if call.caller.kind == "portal":
        contact = call_visible(call, state, "contact", id)
    else:
        contact = state.collection("contact").get(id)
        if contact["_org"] != call.caller.org:
            raise NotFound(f"there is no contact {id}")
    user = {"_id": "", "_org": contact["_org"], "mapped_contact": relation(id)}
    return Caller(kind="portal", org=str(contact["_org"]), user=user, realm=portal)


def _links(viewer: Caller, state: Draft) -> list[Record]:
    """The links that apply; all of them to an administrator who names no contact."""
    lens = lens_of(viewer, state)
    return [
        link
        for link in _configured(viewer.realm)
        if viewer.kind == "admin" or all(_holds(rule, viewer, state, lens) for rule in _rules(link))
    ]


def _configured(portal: Record) -> Iterator[Record]:
    """The links of the configuration, which is a text that may hold anything."""
    try:
        settings = decode(str(portal.get("config") or "{}").encode())
    except ValueError:
        return
    links = settings.get("externalLinks") if isinstance(settings, dict) else None
    yield from (link for link in links if isinstance(link, dict)) if isinstance(links, list) else ()


def _is_answer(call: Call, body: Json) -> bool:
    """True if an entry is a link as the API documents it. Others are left out."""
    response = call.operation.response(call.operation.success)
    return response is not None and response.validators[JSON_TYPE].is_valid(body)


def _rules(link: Record) -> Iterator[Record]:
    """A condition stands in `rules`, or in the link itself."""
    rules = link.get("rules")
    for rule in [*(rules if isinstance(rules, list) else ()), link]:
        if isinstance(rule, dict) and rule.get("attribute"):
            yield rule


def _holds(rule: Record, viewer: Caller, state: Draft, lens: Lens) -> bool:
    path = tuple(str(rule["attribute"]).split("."))
    wanted = text_of(rule.get("attribute_value"))
    records = visible(viewer, state, str(rule.get("entity", "contact")))
    return any(text_of(value) == wanted for record in records for value in values_at(lens, record, path))


def _own(viewer: Caller, state: Draft) -> dict[str, Json]:
    """The user and the contact, as templates name them."""
    context: dict[str, Json] = {"portal_user": viewer.user} if viewer.user.get("_schema") else {}
    contacts = map(state.collection("contact").find, related_ids(viewer.user.get("mapped_contact")))
    contact = next(contacts, None)
    return context if contact is None else {**context, "contact": contact, "Contact": contact}


def _link_context(call: Call, state: Draft, extension: Record, lens: Lens) -> dict[str, Json]:
    """Entities that are not for this user do not count."""
    context = _own(call.caller, state)
    for item in call.params.get("context_entities", ()):
        entity = lens.entity(str(item.get("entity_id")))
        if entity is not None and entity["_schema"] == item.get("entity_schema"):
            context.setdefault(entity["_schema"], entity)
    context["Options"] = _options(call.caller.realm, extension)
    return context


def _options(portal: Record, extension: Record) -> Record:
    """The values of an extension's options: those of the portal, else their defaults."""
    options = {each["id"]: each["default"] for each in extension.get("options", ()) if "default" in each}
    for own in portal.get("extensions") or ():
        if own.get("id") == extension["id"]:
            options |= own.get("options", {})
    return options


def _auth_response(state: Draft, name: str, auth: Record, context: Mapping[str, Json], lens: Lens) -> Record:
    """The answer that the other system would have given."""
    cache = auth.get("cache", {})
    key, ttl = render(cache.get("key", ""), context, lens), render(cache.get("ttl", ""), context, lens)
    seconds = int(ttl) if ttl.isdecimal() and len(ttl) < 10 and int(ttl) > 0 else _TTL
    token = stable_uuid(state.seed, "link_token", f"{name}/{key}/{int(state.now().timestamp()) // seconds}")
    answer = {"access_token": token, "token": token, "token_type": "Bearer", "expires_in": seconds}
    return {**answer, "data": answer}


def _filled(address: str, context: Mapping[str, Json], lens: Lens) -> str:
    """Values are percent-encoded, unless the address begins with one."""

    def value(found: re.Match[str]) -> str:
        text = render(found.group(), context, lens)
        return quote(text, safe="") if found.start() else text

    return _PLACEHOLDER.sub(value, address)
