"""The mobile app of a portal: what is stored of it, completed from the portal where it says nothing itself."""

from collections.abc import Mapping
from types import MappingProxyType

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.portal.configuration.portal_config import answerable
from mockportal.portal.entity.addressing import portal_of
from mockportal.state.store import Draft
from mockportal.values import Json, Record, merge_patch

# branding of the app → the image of the portal that stands in for it
_IMAGES: Mapping[str, str] = MappingProxyType({"app_icon": "favicon", "splash": "welcomeBanner"})


@operation("getMobileConfig")
def show_app(call: Call, state: Draft) -> Json:
    portal = portal_of(call, state)
    stored: Record = portal.get("mobile_config", {})
    return answerable(call, 200, stored if call.params.get("raw") else _resolved(portal, stored))


@operation("putMobileConfig")
def change_app(call: Call, state: Draft) -> Json:
    """A merge patch at every level; the rest of the portal stays as it is, and so does its id."""
    portal = portal_of(call, state)
    fields = {name: value for name, value in call.fields.items() if name != "portal_id"}
    stored: Record = merge_patch(portal.get("mobile_config", {}), fields)
    changed = state.collection("portal").put({**portal, "mobile_config": stored})
    return answerable(call, 200, _resolved(changed, stored))


def _resolved(portal: Record, stored: Record) -> Record:
    images = portal.get("images") or {}
    branding = {name: images[image] for name, image in _IMAGES.items() if isinstance(images.get(image), str)}
    named = {
        "display_name": portal.get("name"),
        "app_host": portal.get("domain") or portal.get("epilot_domain"),
    }
    return {
        "portal_id": portal["portal_id"],
        "enabled": False,
        **{name: value for name, value in named.items() if value},
        **stored,
        "branding": {**branding, **stored.get("branding", {})},
    }
