"""Answers for automations: whether one may start, its entities, its recipients, and the links in its messages.

An automation runs elsewhere, on an administrator's token. Journeys that a portal starts itself belong to its users.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from urllib.parse import urlencode

from mockportal.engine.api import operation
from mockportal.engine.call import Call, Caller
from mockportal.errors import NotFound
from mockportal.portal.entity.addressing import default_portal, portals_of
from mockportal.portal.entity.templates import render
from mockportal.portal.entity.views import entity_view, find_entity
from mockportal.portal.entity.visibility import CATALOGUE, holders_of, is_open, is_visible
from mockportal.portal.identity.identification import owners_of
from mockportal.portal.identity.outbox import web_url
from mockportal.portal.pages.page_visibility import reader_of
from mockportal.state.store import Draft
from mockportal.values import Json, Record

# kind of portal in the answer → origin
_ORIGINS: Mapping[str, str] = MappingProxyType(
    {"customerPortal": "END_CUSTOMER_PORTAL", "installerPortal": "INSTALLER_PORTAL"}
)
# slug → where a portal shows entities of it; the others are under their plural
_PATHS: Mapping[str, str] = MappingProxyType(
    {
        "contact": "my-account/contact",
        "file": "documents",
        "opportunity": "requests/opportunities",
        "order": "requests/orders",
    }
)


@operation("getTriggeredJourney")
def triggered_journey(call: Call, state: Draft) -> Json:
    """The parameters are templates over the user, the contact and the context entities."""
    trigger = call.params["trigger_name"]
    for journey in call.caller.realm.get("triggered_journeys") or ():
        if journey.get("trigger_name") == trigger:
            reader = reader_of(call.caller, state, call.params.get("context_entities", ()))
            return {**journey, "context_params": reader.reads(journey.get("context_params", []))}
    raise NotFound(f"this portal has no journey for {trigger}")


@operation("canTriggerPortalFlow")
def can_trigger(call: Call, state: Draft) -> Json:
    """Only for what a user of this portal did; conditions on the file ask for one that has all it takes."""
    activity = state.collection("activity").find(call.fields.get("activity_id", ""))
    if activity is None or _portal_id(state, activity) != call.params["portal_id"]:
        return {"can_trigger": False}
    conditions = call.fields.get("ecp_config", {}).get("file_config", {})
    files = [entity for entity in _entities(state, activity) if entity["_schema"] == "file"]
    return {"can_trigger": not conditions or any(_meets(file, conditions) for file in files)}


@operation("getAutomationContext")
def automation_context(call: Call, state: Draft) -> Json:
    """Under each slug the first entity: the file, what it is attached to, and what else the activity is about.

    The contact who caused it is left out, unless the activity is about that contact.
    """
    activity = state.collection("activity").get(call.params["activity_id"])
    context: Record = {}
    for entity in _entities_about(state, activity):
        if entity["_org"] == call.caller.org:
            context.setdefault(entity["_schema"], entity_view(call.caller, state, entity))
            for slug, holder in holders_of(state, entity):
                context.setdefault(slug, entity_view(call.caller, state, holder))
    return context


@operation("replaceECPTemplateVariables")
def template_variables(call: Call, state: Draft) -> Json:
    """For each portal the links to what is known; a portal user among the entities is a portal of their own."""
    given = call.fields.get("entity_context", {}).values()
    found = [(one, find_entity(state, one.get("_id", ""))) for one in given]
    known = [(one, entity) for one, entity in found if entity is not None]
    entities = {entity["_schema"]: entity for _, entity in reversed(known)}
    main = next((entity for one, entity in known if one.get("is_main_entity")), None)
    return {
        kind: _variables(call, state, portal, entities.get("contact"), main)
        for kind, portal in _portals(call, state, entities.get("portal_user"))
    }


@operation("getRecipientsToNotifyOnAutomation")
def recipients(call: Call, state: Draft) -> Json:
    """Of the addresses those of registered users who see the entity, in portals that use the template."""
    wanted = {email.lower() for email in call.fields["emails"]}
    template, entity = call.fields["template_id"], find_entity(state, call.fields["context_id"])
    users = [
        user
        for portal in portals_of(call.caller.org, state)
        if entity is not None and template in _templates(state, portal)
        for user in _users_on(state, portal, entity)
        if user["email"].lower() in wanted and user.get("registration_status") == "Registered"
    ]
    found = [{"email": user["email"], "recipient_id": user["_id"]} for user in users]
    answer: Record = {"emails": list(dict.fromkeys(user["email"] for user in users)), "recipients": found}
    return answer if found else {**answer, "message": "None of the addresses is to be notified"}


def _portal_id(state: Draft, activity: Record) -> str | None:
    """The portal of the user who caused an activity."""
    user = state.collection("portal_user").find(str(_token(activity).get("custom:portal_user_id")))
    return user.get("portal_id") if user is not None else None


def _token(activity: Record) -> Record:
    """The portal user who caused an activity, as the activity names them; empty for any other caller."""
    token: Record = activity.get("payload", {}).get("caller", {}).get("PortalAuth", {}).get("token", {})
    return token


def _entities_about(state: Draft, activity: Record) -> list[Record]:
    about = activity.get("payload", {}).get("entity", {}).get("id")
    who = _token(activity).get("custom:contact_entity_id")
    return [entity for entity in _entities(state, activity) if entity["_id"] == about or entity["_id"] != who]


def _entities(state: Draft, activity: Record) -> list[Record]:
    found = (find_entity(state, id) for id in activity.get("entity_ids", ()))
    return [entity for entity in found if entity is not None]


def _meets(file: Record, conditions: Record) -> bool:
    shared = not conditions.get("shared_with_end_customer") or file.get("shared_with_end_customer") is True
    return shared and set(conditions.get("_tags", ())) <= set(file.get("_tags", ()))


def _portals(call: Call, state: Draft, user: Record | None) -> Iterator[tuple[str, Record]]:
    """(kind, portal) of each kind that the organization has."""
    portals = portals_of(call.caller.org, state)
    for kind, origin in _ORIGINS.items():
        if any(portal.get("origin") == origin for portal in portals):
            yield kind, default_portal(portals, origin)
    own = state.collection("portal").find(str(user.get("portal_id"))) if user is not None else None
    if own is not None:
        yield "portalUser", own


def _variables(
    call: Call, state: Draft, portal: Record, contact: Record | None, main: Record | None
) -> Record:
    url = web_url(call, state, portal)
    variables: Record = {}
    if contact is not None:
        query = {"contactId": contact["_id"]}
        email = render("{{contact.email[Primary]}}", {"contact": contact})
        if email:
            query["email"] = email
        variables["invitationLink"] = f"{url}/register?{urlencode(query)}"
    if main is not None:
        path = _PATHS.get(main["_schema"], f"{main['_schema']}s")
        link = f"{url}/{path}/{main['_id']}"
        users = _users_on(state, portal, main)
        emails = [user["email"] for user in users]
        variables |= {"newDocumentLink": link, "entityLink": link, "userEmailsOnEntity": emails}
    return variables


def _users_on(state: Draft, portal: Record, entity: Record) -> list[Record]:
    """The users of a portal who may log in and see an entity."""
    slug = entity["_schema"]
    if not is_open(portal, slug):
        return []
    return [
        user
        for user in _users_near(state, entity)
        if user.get("portal_id") == portal["portal_id"]
        and "_deleted_at" not in user
        and user.get("access_status") is not False
        and is_visible(Caller("portal", user["_id"], user=user, realm=portal), state, slug, entity)
    ]


def _users_near(state: Draft, entity: Record) -> Iterable[Record]:
    """The users among whom those are that an entity belongs to, oldest first; all of them for one of everybody."""
    slug, users = entity["_schema"], state.collection("portal_user")
    if slug in CATALOGUE:
        return users
    owners = {str(entity["_id"])} if slug == "portal_user" else owners_of(state, slug, entity)
    members = {str(one["_id"]) for id in owners for one in state.referring(id, "contact", "account")}
    ids = {
        str(user["_id"])
        for id in owners | members
        for attribute in ("mapped_contact", "represents")
        for user in state.referring(id, "portal_user", attribute)
    }
    return users.oldest_first(ids | owners)


def _templates(state: Draft, portal: Record) -> frozenset[Json]:
    slots = state.collection("email_templates").find(portal["portal_id"]) or {}
    return frozenset(id for slot, id in slots.items() if slot != "portal_id")
