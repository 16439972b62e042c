"""Reading and changing the configuration of a portal: one record, whether it is called by v2 or by v3."""

import re
from collections.abc import Iterable

from mockportal.engine.api import operation
from mockportal.engine.call import Call, Reply
from mockportal.errors import BadRequest, Refusal
from mockportal.portal.configuration.email_templates import merge_templates
from mockportal.portal.configuration.portal_views import (
    INTERNAL,
    SECRETS,
    organization_view,
    v2_view,
    v3_view,
)
from mockportal.portal.entity.addressing import default_portal, domains_of, portal_of, portals_of
from mockportal.portal.pages.default_pages import default_pages
from mockportal.portal.pages.pages import UUID, add_copies, upsert_pages
from mockportal.spec.validation import summary
from mockportal.state.store import Draft
from mockportal.values import Json, Record, merge_patch

# What the server sets itself; such keys are ignored.
SERVER_OWNED = INTERNAL | {
    "accessToken",
    "id",
    "is_v3_item",
    "organization_id",
    "portal_id",
    "portal_sk_v3",
}
POOL_IDS = ("cognito_user_pool_arn", "cognito_user_pool_client_id", "cognito_user_pool_id")
_IN_COLLECTIONS_OF_THEIR_OWN = frozenset(("email_templates", "pages"))
_DOMAIN_SETUP = frozenset(("certificate_details", "domain_status"))
_NO_SLUG = re.compile(r"[^0-9a-z]+")
_TYPE = "application/json"


@operation("getPortalConfigByDomain", "getPublicPortalConfig", "getPublicPortalConfigV3", "getPortalConfig")
def show_config(call: Call, state: Draft) -> Json:
    """A disabled portal is shown too (M1); schedules of pages count for the page operations only."""
    return v2_view(state, portal_of(call, state), call.caller)


@operation("getPortalConfigV3")
def show_config_v3(call: Call, state: Draft) -> Json:
    return v3_view(state, portal_of(call, state), call.caller)


@operation("getOrgPortalConfig", "getOrgPortalConfigV3")
def show_organization_config(call: Call, state: Draft) -> Json:
    return organization_view(state, portal_of(call, state), call.caller)


@operation("getAllPortalConfigs")
def list_configs(call: Call, state: Draft) -> Json:
    return {"data": [v2_view(state, portal, call.caller) for portal in portals_of(call.caller.org, state)]}


@operation("listAllPortalConfigs")
def list_configs_v3(call: Call, state: Draft) -> Json:
    return {"data": [v3_view(state, portal, call.caller) for portal in portals_of(call.caller.org, state)]}


@operation("putPortalConfig")
def put_config(call: Call, state: Draft) -> Json:
    """Keys that are not sent stay, as do pages (M12). Pages are matched by their ids, or if asked by their slugs."""
    portal, fields = portal_of(call, state), call.fields
    if call.params.get("page_upsert_mode") == "slug" and "pages" in fields:
        fields = {**fields, "pages": _with_ids_of_slugs(state, portal, fields["pages"])}
    changed = change_portal(state, portal, fields, BadRequest)
    return answerable(call, 200, v3_view(state, changed, call.caller))


@operation("upsertPortal")
def upsert_portal(call: Call, state: Draft) -> Json:
    """The portal of the origin, or a new one; an unknown `portal_id` is refused (M11)."""
    fields = {**call.fields, "origin": call.params["origin"]}
    if "pages" in fields:
        fields["pages"] = _page_list(fields["pages"])
    portal = _portal_to_change(call, state)
    if portal is None:
        made = create_portal(state, call.caller.org, fields, BadRequest)
        return Reply(201, answerable(call, 201, v2_view(state, made, call.caller)))
    changed = change_portal(state, portal, fields, BadRequest)
    return Reply(200, answerable(call, 200, v2_view(state, changed, call.caller)))


def create_portal(state: Draft, org: str, fields: Record, taken: type[Refusal]) -> Record:
    """A new portal, with the default pages if none are sent. Raises `taken` for a domain that another portal has."""
    settings = {name: value for name, value in fields.items() if name != "pages"}
    portal = change_portal(state, _new_portal(state, org, fields), settings, taken)
    add_copies(state, portal["portal_id"], fields.get("pages", default_pages()))
    return portal


def change_portal(state: Draft, portal: Record, fields: Record, taken: type[Refusal]) -> Record:
    """Merges what is sent into a portal. `identity_providers` are replaced as a whole, pages as `upsert_pages` says.

    Raises `taken` for a domain that another portal has.
    """
    _check_domains(state, portal, fields, taken)
    ignored = SERVER_OWNED | _IN_COLLECTIONS_OF_THEIR_OWN
    changed = {**portal, **{name: value for name, value in fields.items() if name not in ignored}}
    if "cognito_details" in fields:
        sent = {name: value for name, value in fields["cognito_details"].items() if name not in POOL_IDS}
        changed["cognito_details"] = {**portal.get("cognito_details", {}), **sent}
    if "extension_hooks" in fields:
        changed["extension_hooks"] = merge_patch(portal.get("extension_hooks", {}), fields["extension_hooks"])
    if "identity_providers" in fields:
        known = portal.get("identity_providers", [])
        changed["identity_providers"] = stored_providers(fields["identity_providers"], known)
    if changed.get("domain") != portal.get("domain"):  # the new one has still to be set up
        changed = {name: value for name, value in changed.items() if name not in _DOMAIN_SETUP}
    _check_login(changed)
    _check_actions(fields.get("entity_actions", ()))
    state.collection("portal").put(changed)
    if changed.get("origin") != portal.get("origin"):
        move_users(state, state.collection("portal_user").where(portal_id=portal["portal_id"]), changed)
    merge_templates(state, portal["portal_id"], fields.get("email_templates", {}))
    upsert_pages(state, portal["portal_id"], fields.get("pages", ()))
    return changed


def move_users(state: Draft, users: Iterable[Record], portal: Record) -> None:
    """Makes these the users of `portal`."""
    for user in users:
        home = {"portal_id": portal["portal_id"], "origin": portal.get("origin")}
        state.collection("portal_user").patch(user["_id"], home)


def answerable(call: Call, status: int, view: Record) -> Record:
    """The view. Raises `BadRequest` where something that only answers define, such as `grants`, was sent wrong."""
    response = call.operation.response(status)
    violations = response.validators[_TYPE].violations(view, "body") if response is not None else []
    if violations:
        raise BadRequest(summary(violations), errors=[violation.to_json() for violation in violations])
    return view


def _new_portal(state: Draft, org: str, fields: Record) -> Record:
    """Stores what the server sets of a new portal: its keys, a user pool, a domain, and an origin if none is sent."""
    id = state.new_id("portal")
    digits = id.replace("-", "")
    pool = f"eu-central-1_{digits[:9]}"
    return state.collection("portal").put(
        {
            "portal_id": id,
            "organization_id": org,
            "is_v3_item": True,
            "portal_sk_v3": f"PORTAL_CONFIG#{id}",
            "created_at": state.timestamp(),
            "origin": fields.get("origin", "END_CUSTOMER_PORTAL"),
            "epilot_domain": f"portal-{digits[:8]}-{org}.ecp.test",
            "cognito_details": {
                "cognito_user_pool_id": pool,
                "cognito_user_pool_client_id": digits[:26],
                "cognito_user_pool_arn": f"arn:aws:cognito-idp:eu-central-1:000000000000:userpool/{pool}",
            },
        }
    )


def _portal_to_change(call: Call, state: Draft) -> Record | None:
    mine = portals_of(call.caller.org, state)
    same_origin = [portal for portal in mine if portal.get("origin") == call.params["origin"]]
    if "portal_id" not in call.params:
        return default_portal(same_origin, call.params["origin"]) if same_origin else None
    for portal in same_origin:
        if portal["portal_id"] == call.params["portal_id"]:
            return portal
    raise BadRequest(
        f"there is no portal {call.params['portal_id']} with the origin {call.params['origin']!r}"
    )


def _with_ids_of_slugs(state: Draft, portal: Record, pages: list[Record]) -> list[Record]:
    """A page with the slug of a stored page takes over its id."""
    ids = {page["slug"]: page["id"] for page in state.collection("page").where(portal_id=portal["portal_id"])}
    return [{**page, "id": ids[page["slug"]]} if page.get("slug") in ids else page for page in pages]


def _page_list(pages: Record) -> list[Record]:
    """The v2 map of pages as a list; a page has the key as its id, unless it says one itself."""
    return [{"id": key, **page} if UUID.fullmatch(key) else page for key, page in pages.items()]


def _check_domains(state: Draft, portal: Record, fields: Record, refusal: type[Refusal]) -> None:
    """`domain` and `epilot_domain` share one namespace over all organizations; case does not count."""
    wanted = {str(fields[name]).lower() for name in ("domain", "epilot_domain") if fields.get(name)}
    for other in state.collection("portal") if wanted else ():
        found = wanted & domains_of(other)
        if found and other["portal_id"] != portal["portal_id"]:
            raise refusal(f"the domain {min(found)!r} is in use")


def _check_login(portal: Record) -> None:
    passwordless = portal.get("auth_settings", {}).get("passwordless_login", {}).get("enabled")
    if passwordless and portal.get("advanced_mfa", {}).get("enabled"):
        raise BadRequest("passwordless_login and advanced_mfa exclude each other")


def _check_actions(actions: Iterable[Record]) -> None:
    """Users read actions with a label and rules, which the settings do not declare. Raises `BadRequest`."""
    for number, action in enumerate(actions):
        rules = action.get("rules") or []
        if not _are_texts(action.get("action_label") or {}):
            raise BadRequest(f"entity_actions/{number}/action_label: this has to be a text for each language")
        if not isinstance(rules, list) or not all(_are_texts(rule) for rule in rules):
            raise BadRequest(f"entity_actions/{number}/rules: this has to be a list of conditions")


def _are_texts(value: Json) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str | None) for one in value.values())


def stored_providers(sent: list[Record], known: list[Record]) -> list[Record]:
    """The providers to store. One that is sent as it is read, with `has_client_secret`, keeps its secrets."""
    by_slug = {provider["slug"]: provider for provider in known}
    providers: list[Record] = []
    for provider in sent:
        slug = provider.get("slug") or _slug(provider["display_name"], {one["slug"] for one in providers})
        if any(slug == one["slug"] for one in providers):
            raise BadRequest(f"two identity providers have the slug {slug!r}")
        if provider.get("oidc_config", {}).get("has_client_secret"):
            for path in SECRETS:
                provider = _filled(provider, by_slug.get(slug), path)
        providers.append({"provider_type": "OIDC", **provider, "slug": slug})
    return providers


def _slug(name: str, taken: set[str]) -> str:
    """A slug made of a display name: `musterau-id`, then `musterau-id-2`."""
    base = _NO_SLUG.sub("-", name.lower()).strip("-") or "provider"
    tries = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in tries if slug not in taken)


def _filled(sent: Json, known: Json, path: tuple[str, ...]) -> Json:
    """`sent` with the secret at `path` that only `known` has."""
    if not isinstance(sent, dict) or not isinstance(known, dict) or path[0] not in known:
        return sent
    if len(path) == 1:
        return {path[0]: known[path[0]], **sent}
    return {**sent, path[0]: _filled(sent[path[0]], known[path[0]], path[1:])} if path[0] in sent else sent
