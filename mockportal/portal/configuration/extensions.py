"""The app extensions of a portal: all about them for administrators, what they offer for everybody else."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.portal.entity.addressing import portal_of
from mockportal.portal.identity.identification import open_portal
from mockportal.state.derived import derived
from mockportal.state.store import Draft
from mockportal.values import Json, Record

# Capabilities of which a portal may have several; the frontend names the hook that it wants.
DATA_HOOKS = ("consumptionDataRetrieval", "dataExport", "priceDataRetrieval", "costDataRetrieval")
_DATA_FIELDS = ("id", "name", "intervals", "block_types")


@operation("getPortalExtensions", "getPortalExtensionsV3")
def installed_extensions(call: Call, state: Draft) -> Json:
    """Everything that is installed, enabled or not, with its calls; the values of options are not part of it."""
    portal = portal_of(call, state)
    return [
        {name: value for name, value in extension.items() if name != "status"}
        for extension, _ in extensions_of(portal, state)
    ]


@operation("getPublicPortalExtensionDetails", "getPublicPortalExtensionDetailsV3")
def public_capabilities(call: Call, state: Draft) -> Json:
    """The extensions that offer each capability, without their calls, options and secrets. A capability that no
    extension offers is left out."""
    portal = open_portal(call, state)
    enabled = [extension for extension, status in extensions_of(portal, state) if status == "enabled"]
    offered: Record = {}
    for extension in enabled:
        for hook in extension.get("hooks", ()):
            if hook.get("type") in DATA_HOOKS:
                offered.setdefault(hook["type"], []).append(_data_item(extension, hook))
    for capability, view in SELECTED.items():
        selected = selected_hook(portal, state, capability)
        if selected is not None:
            offered[capability] = view(*selected)
    return offered


@derived
def extensions_of(portal: Record, state: Draft) -> list[tuple[Record, str]]:
    """The extensions that are installed in a portal, each with `installed` or `enabled`.

    A portal that says nothing about extensions has all of them, as they come.
    """
    extensions = state.collection("extension")
    if "extensions" not in portal:
        return [(extension, extension.get("status", "installed")) for extension in extensions]
    found = ((extensions.find(entry["id"]), entry["status"]) for entry in portal["extensions"])
    return [(extension, status) for extension, status in found if extension is not None]


def _contract_identification(extension: Record, hook: Record) -> Record:
    public = {"explanation": hook["explanation"]} if "explanation" in hook else {}
    return {"app": _app(extension), "extension": _extension(extension), "hook": public}


def _plausibility(extension: Record, hook: Record) -> Record:
    public = {"plausibility_mode": hook.get("plausibility_mode", "check")}
    return {"extension": _extension(extension), "hook": public}


def _self_management(*names: str) -> Callable[[Record, Record], Record]:
    """The view of a hook that changes something about the account of a user."""

    def view(extension: Record, hook: Record) -> Record:
        public = {name: hook[name] for name in ("id", "explanation", *names) if name in hook}
        return {"app": _app(extension), "extension": _extension(extension), "hook": public}

    return view


# Capabilities of which a portal has the one hook that it selected.
SELECTED: Mapping[str, Callable[[Record, Record], Record]] = MappingProxyType(
    {
        "changeEmail": _self_management("change_mode", "require_password_confirmation"),
        "changePassword": _self_management("require_new_password"),
        "contractIdentification": _contract_identification,
        "deleteAccount": _self_management(),
        "meterReadingPlausibilityCheck": _plausibility,
    }
)


def _data_item(extension: Record, hook: Record) -> Record:
    public = {name: hook[name] for name in _DATA_FIELDS if name in hook}
    return {"app": _app(extension), "extension": _extension(extension), "hook": public}


def _app(extension: Record) -> Record:
    app = {"app_id": extension["app_id"]} if "app_id" in extension else {}
    return {**app, "name": {"en": extension.get("app_name", extension["id"])}}


def _extension(extension: Record) -> Record:
    return {"id": extension["id"], "name": extension["name"]}


@derived
def selected_hook(portal: Record, state: Draft, type: str) -> tuple[Record, Record] | None:
    """The extension and its hook that a portal has selected for a capability of which there is one; None without a
    selection, or if the extension is not enabled."""
    chosen = (portal.get("extension_hooks") or {}).get(type) or {}
    for extension, status in extensions_of(portal, state):
        if extension["id"] == chosen.get("extension_id") and status == "enabled":
            hooks = (hook for hook in hooks_of(extension, type) if hook.get("id") == chosen.get("hook_id"))
            return next(((extension, hook) for hook in hooks), None)
    return None


def hooks_of(extension: Record, type: str) -> list[Record]:
    """The hooks of a type that an extension has."""
    return [hook for hook in extension.get("hooks", ()) if hook.get("type") == type]
