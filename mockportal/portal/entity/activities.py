"""The activity feed: an append-only record of what happened to which entities, bounded for each entity.

The feed has one text each for title and message, which is German. The English ones are in the payload. `$name` is
filled in when it happens; `{{caller}}` stays, because whoever reads the feed resolves it from the payload.
"""

import re
from typing import NamedTuple

from mockportal.config import LIMITS
from mockportal.engine.call import Call, Caller
from mockportal.portal.collections import related_ids
from mockportal.portal.tokens import IMPERSONATOR
from mockportal.state.derived import derived
from mockportal.state.store import Draft
from mockportal.values import Record

_NAME = re.compile(r"\$(\w+)")
_SLACK = 50  # the feed of an entity is cut back only when it is this much too long


class Wording(NamedTuple):
    """Title and message in one language."""

    title: str
    message: str

    def filled(self, values: dict[str, str]) -> Record:
        """`{title, message}` with `values` in place of the names."""
        return {"title": _filled(self.title, values), "message": _filled(self.message, values)}


def _filled(text: str, values: dict[str, str]) -> str:
    """The text with a value in place of each `$name`."""
    parts = _NAME.split(text)
    parts[1::2] = [values[name] for name in parts[1::2]]
    return "".join(parts)


class Event(NamedTuple):
    """Something that is recorded as an activity of `type`."""

    type: str
    german: Wording
    english: Wording


_UPDATED = "EntityUpdatedFromPortal"

READING_SUBMITTED = Event(
    "CreateMeterReading",
    Wording("Zählerstand übermittelt", "{{caller}} hat $value für Zähler $meter übermittelt."),
    Wording("Meter reading submitted", "{{caller}} submitted $value_in_english for meter $meter."),
)
FILE_UPLOADED = Event(
    "DocUploadedFromPortal",
    Wording("Dokument hochgeladen", "{{caller}} hat $file hochgeladen."),
    Wording("Document uploaded", "{{caller}} uploaded $file."),
)
FILE_REMOVED = Event(
    "DocRemovedFromPortal",
    Wording("Dokument gelöscht", "{{caller}} hat $file gelöscht."),
    Wording("Document removed", "{{caller}} removed $file."),
)
FILE_OPENED = Event(
    "DocDownloadedFromPortal",
    Wording("Dokument heruntergeladen", "{{caller}} hat $file geöffnet."),
    Wording("Document downloaded", "{{caller}} opened $file."),
)
PORTAL_FILE_SAVED = Event(
    "EntityCreated",
    Wording("Portaldatei gespeichert", "$file wurde für das Portal gespeichert."),
    Wording("Portal file saved", "$file was saved for the portal."),
)
ENTITY_CHANGED = Event(
    _UPDATED,
    Wording("Daten geändert", "{{caller}} hat $title geändert: $attributes."),
    Wording("Data changed", "{{caller}} changed $title: $names."),
)
CONTACT_CHANGED = Event(
    _UPDATED,
    Wording("Kontaktdaten geändert", "{{caller}} hat $title geändert: $attributes."),
    Wording("Contact data changed", "{{caller}} changed $title: $names."),
)
CHANGE_PROPOSED = Event(
    "ChangesetCreated",
    Wording(
        "Änderung vorgeschlagen", "Die Änderung von $title durch {{caller}} wartet auf Freigabe: $attributes."
    ),
    Wording("Change proposed", "The change of $title by {{caller}} waits for approval: $names."),
)
OFFER_ACCEPTED = Event(
    _UPDATED,
    Wording("Angebot angenommen", "{{caller}} hat $title angenommen."),
    Wording("Offer accepted", "{{caller}} accepted $title."),
)
OFFER_DECLINED = Event(
    _UPDATED,
    Wording("Angebot abgelehnt", "{{caller}} hat $title abgelehnt."),
    Wording("Offer declined", "{{caller}} declined $title."),
)
CONTRACTS_CLAIMED = Event(
    "SelfAssignmentFromPortal",
    Wording("Vertrag hinzugefügt", "{{caller}} hat $contracts hinzugefügt."),
    Wording("Contract added", "{{caller}} added $contracts."),
)
STEP_COMPLETED = Event(
    _UPDATED,
    Wording("Schritt abgeschlossen", "{{caller}} hat $step abgeschlossen ($workflow)."),
    Wording("Step completed", "{{caller}} completed $step ($workflow)."),
)
ENTITY_CREATED = Event(
    "EntityCreated",
    Wording("Angelegt", "{{caller}} hat $title angelegt."),
    Wording("Created", "{{caller}} created $title."),
)
PASSWORD_CHANGED = Event(
    _UPDATED,
    Wording("Passwort geändert", "{{caller}} hat das Passwort geändert."),
    Wording("Password changed", "{{caller}} changed the password."),
)
PASSWORD_RESET = Event(
    "PortalUserResetPassword",
    Wording("Passwort zurückgesetzt", "{{caller}} hat das Passwort zurückgesetzt."),
    Wording("Password reset", "{{caller}} reset the password."),
)
USER_CHANGED = Event(
    _UPDATED,
    Wording("Portalbenutzer geändert", "{{caller}} hat das Benutzerkonto geändert."),
    Wording("Portal user changed", "{{caller}} changed the user account."),
)
USER_DELETED = Event(
    "EntitySoftDeleted",
    Wording("Portalbenutzer gelöscht", "{{caller}} hat das Benutzerkonto gelöscht."),
    Wording("Portal user deleted", "{{caller}} deleted the user account."),
)
USER_REGISTERED = Event(
    "EntityCreated",
    Wording("Portalbenutzer registriert", "$email hat sich registriert."),
    Wording("Portal user registered", "$email registered."),
)
PARTNER_INVITED = Event(
    "EntityCreated",
    Wording("Partner eingeladen", "{{caller}} hat $email eingeladen."),
    Wording("Partner invited", "{{caller}} invited $email."),
)
PARTNER_REVOKED = Event(
    "EntitySoftDeleted",
    Wording("Partnerzugang entzogen", "{{caller}} hat $email den Zugang entzogen."),
    Wording("Partner access revoked", "{{caller}} revoked the access of $email."),
)
PARTNER_DISABLED = Event(
    _UPDATED,
    Wording("Partnerzugang gesperrt", "{{caller}} hat den Zugang von $email gesperrt."),
    Wording("Partner access disabled", "{{caller}} disabled the access of $email."),
)
PARTNER_ENABLED = Event(
    _UPDATED,
    Wording("Partnerzugang freigegeben", "{{caller}} hat den Zugang von $email freigegeben."),
    Wording("Partner access enabled", "{{caller}} enabled the access of $email."),
)


def record_activity(call: Call, state: Draft, event: Event, entities: list[Record], **values: str) -> Record:
    """Appends an activity on these entities and on the contact of the user who caused it.

    The first entity is the one in the payload; `values` fill in what the texts of the event leave open.
    """
    first = entities[0]
    ids = dict.fromkeys([*(str(entity["_id"]) for entity in entities), *_contacts_of(call.caller)])
    activities = state.collection("activity")
    activity = activities.put(
        {
            "_id": state.new_id("activity"),
            "type": event.type,
            **event.german.filled(values),
            "timestamp": state.timestamp(),
            "entity_ids": list(ids),
            "payload": {
                "entity": {"id": first["_id"], "schema": first["_schema"]},
                "caller": caller_block(call.caller),
                "translations": {"en": event.english.filled(values)},
            },
        }
    )
    for id in ids:
        _trim(state, id)
    return activity


@derived
def caller_block(caller: Caller) -> Record:
    """The caller in the form in which activities name their author, and the administrator who acts in the user's
    place."""
    if caller.kind != "portal":
        return {"EpilotAuth": {"token": {"sub": caller.subject, "org_id": caller.org}}}
    user = caller.user
    contacts = _contacts_of(caller)
    token = {
        "sub": user["_id"],
        "email": user.get("email", ""),
        "cognito:username": user.get("email", ""),
        "custom:portal_user_id": user["_id"],
        "custom:org_id": user["_org"],
        "custom:origin": user.get("origin", ""),
    }
    if contacts:
        token["custom:contact_entity_id"] = contacts[0]
    if IMPERSONATOR in caller.claims:
        token[IMPERSONATOR] = caller.claims[IMPERSONATOR]
    return {"PortalAuth": {"token": token}}


def _contacts_of(caller: Caller) -> list[str]:
    return related_ids(caller.user.get("mapped_contact"))


def _trim(state: Draft, entity_id: str) -> None:
    activities = state.collection("activity")
    if activities.count("entity_ids", entity_id) > LIMITS.per_entity_activities + _SLACK:
        for id in activities.keys("entity_ids", entity_id)[: -LIMITS.per_entity_activities]:
            activities.remove(id)
