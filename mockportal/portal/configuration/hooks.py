"""Finds the extension, and the hook of it, that answers a portal user."""

from mockportal.engine.call import Call
from mockportal.errors import NotFound
from mockportal.portal.configuration.extensions import extensions_of, hooks_of
from mockportal.state.store import Draft
from mockportal.values import Record


def enabled_extension(call: Call, state: Draft) -> Record:
    """The extension that a call names by its id, and perhaps by its app. Raises `NotFound`."""
    given = {**call.params, **call.fields}
    id = given.get("extensionId", given.get("extension_id"))
    for extension, status in extensions_of(call.caller.realm, state):
        is_of_app = given.get("app_id") in (None, extension.get("app_id"))
        if extension["id"] == id and status == "enabled" and is_of_app:
            return extension
    raise NotFound(f"there is no enabled extension {id!r}")


def hook_of(call: Call, state: Draft, type: str) -> Record:
    """The hook of a type that a call names; a call may leave it out where there is only one. Raises `NotFound`."""
    extension = enabled_extension(call, state)
    given = {**call.params, **call.fields}
    id = given.get("hookId", given.get("hook_id"))
    found = [hook for hook in hooks_of(extension, type) if id in (None, hook["id"])]
    if not found:
        raise NotFound(f"the extension {extension['id']!r} has no such {type} hook")
    if len(found) > 1:
        known = ", ".join(hook["id"] for hook in found)
        raise NotFound(f"the extension {extension['id']!r} has several {type} hooks; name one of {known}")
    return found[0]
