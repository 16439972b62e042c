"""The attributes of the collections that are no entities: of those the document does not describe, all of them.

Some hold what the mock itself has to remember: tokens, mails, edits that are counted.
"""

from collections.abc import Mapping
from types import MappingProxyType

from mockportal.portal.attribute_types import (
    ANY,
    DAY,
    ENTITY_ID,
    FLAG,
    MOMENT,
    OBJECT,
    OBJECTS,
    TEXT,
    TEXT_OR_NULL,
    TEXTS,
    component,
    id_of,
    ids_of,
    list_of,
    map_of,
    named,
    one_of,
)
from mockportal.state.data_model import Attribute

_CASE = named(match=ANY, success=FLAG, data=ANY)
_RECIPIENT = named(
    "entity_id",
    "entity_schema",
    entity_id=ENTITY_ID,
    entity_schema=TEXT,
    portal_status=one_of("sent", "seen", "dismissed", "clicked"),
    updated_at=MOMENT,
)
_SCHEMA_ATTRIBUTE = named("name", "type", name=TEXT, label=TEXT, type=TEXT, group=TEXT, portal=FLAG)
_PURPOSES = one_of(
    "registration", "email_change", "invitation", "login_as", "sso", "oidc_code", "oidc_access"
)

RECORDS: Mapping[str, Mapping[str, Attribute]] = MappingProxyType(
    {
        "activity": {"entity_ids": ids_of(), "timestamp": MOMENT},
        "campaign": {"id": TEXT, "name": TEXT, "status": TEXT, "recipients": list_of(_RECIPIENT)},
        "confirmation": {
            "token": TEXT,
            "purpose": _PURPOSES,
            "expires_at": MOMENT,
            "created_at": MOMENT,
            "used_at": MOMENT,
            "portal_user_id": id_of("portal_user"),
            "email": TEXT,
            "web_url": TEXT,
            "impersonator": TEXT,
            "provider": TEXT,
            "claims": OBJECT,
            "redirect_uri": TEXT,
            "challenge": TEXT,
            "nonce": TEXT,
        },
        "credential": {"portal_user_id": id_of("portal_user"), "password": TEXT},
        "download": {"id": TEXT, "portal_user_id": id_of("portal_user"), "file_id": id_of("file")},
        "edit": {"id": TEXT, "entity_id": ENTITY_ID, "attributes": TEXTS, "at": MOMENT},
        "email_templates": {"portal_id": id_of("portal")},
        "extension": {
            "status": one_of("enabled", "installed"),
            "hooks": list_of(named(name=map_of(TEXT.schema))),
        },
        "integration": {
            "id": TEXT,
            "name": TEXT,
            "use_cases": map_of({"type": "array", "items": _CASE}),
        },
        "interest": {
            "id": TEXT,
            "portal_user_id": id_of("portal_user"),
            "interest_tag": TEXT,
            "interest": ANY,
            "changed_at": MOMENT,
        },
        "mail": {
            "id": TEXT,
            "portal_user_id": id_of("portal_user"),
            "to": TEXT,
            "template": TEXT,
            "subject": TEXT,
            "link": TEXT,
            "token": TEXT,
            "created_at": MOMENT,
            "expires_at": MOMENT,
        },
        "meter_reading": {
            "id": TEXT,
            "timestamp": MOMENT,
            "meter_id": id_of("meter"),
            "counter_id": id_of("meter_counter"),
            "external_id": TEXT_OR_NULL,
        },
        "notification": {
            "id": TEXT,
            "portal_user_id": id_of("portal_user"),
            "type": TEXT,
            "title": TEXT,
            "message": TEXT,
            "status": TEXT,
            "entity_id": ENTITY_ID,
            "entity_schema": TEXT,
            "created_at": MOMENT,
            "updated_at": MOMENT,
        },
        "organization": {
            "org_id": TEXT,
            "name": TEXT,
            "address": OBJECT,
            "env": map_of(named("value", value=TEXT, secret=FLAG)),
            "settings": component("OrganizationSettings"),
        },
        "page": {"portal_id": id_of("portal")},
        "portal": {
            "organization_id": TEXT,
            "created_at": MOMENT,
            "domain_aliases": TEXTS,
            "domain_status": TEXT,
            "certificate_details": Attribute(
                named(status=TEXT, failed_reason=TEXT, requested_at=MOMENT, checked_at=DAY)
            ),
        },
        "schema": {"slug": TEXT, "name": TEXT, "attributes": list_of(_SCHEMA_ATTRIBUTE)},
        "session": {"refresh_token": TEXT, "family": TEXT, "portal_user_id": id_of("portal_user")},
        "target": {"id": TEXT, "name": TEXT, "schema": TEXT, "filters": OBJECTS},
        "widget_list": {"portal_id": id_of("portal")},
        "workflow": {
            "id": TEXT,
            "name": TEXT,
            "definition_id": TEXT,
            "status": one_of("STARTED", "DONE", "CLOSED"),
            "context_id": ENTITY_ID,
            "contexts": OBJECTS,
            "enableECPWorkflow": FLAG,
            "flow": OBJECTS,
            "creationTime": MOMENT,
            "completedTime": MOMENT,
            "lastUpdated": MOMENT,
        },
    }
)

# What a token has to say depends on what it is for.
TOKEN_CONDITIONS = tuple(
    {
        "if": {"properties": {"purpose": {"enum": list(purposes)}}, "required": ["purpose"]},
        "then": {"required": list(required)},
    }
    for purposes, required in (
        (("oidc_code",), ("provider", "claims", "redirect_uri")),
        (("oidc_access",), ("provider", "claims")),
        (("email_change",), ("portal_user_id", "email")),
        (("registration", "invitation", "login_as", "sso"), ("portal_user_id",)),
    )
)
