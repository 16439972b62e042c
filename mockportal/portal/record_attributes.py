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
    WHOLE,
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
    "registration",
    "email_change",
    "forgot_password",
    "invitation",
    "login_as",
    "sso",
    "oidc_code",
    "oidc_access",
    "oidc_refresh",
    "oidc_session",
    "pool_code",
)

RECORDS: Mapping[str, Mapping[str, Attribute]] = MappingProxyType(
    {
        "activity": {"entity_ids": ids_of(), "timestamp": MOMENT},
        "campaign": {"id": TEXT, "name": TEXT, "status": TEXT, "recipients": list_of(_RECIPIENT)},
        "challenge": {
            "id": TEXT,
            "name": TEXT,
            "client_id": TEXT,
            "username": TEXT,
            "portal_user_id": id_of("portal_user"),
            "attempts": WHOLE,
            "expires_at": MOMENT,
            "details": map_of(TEXT.schema),
        },
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
            "challenge_method": one_of("S256", "plain"),
            "client_id": TEXT,
            "family": TEXT,
            "nonce": TEXT,
            "scope": TEXT,
            "code": TEXT,
            "attempts": WHOLE,
        },
        "credential": {
            "portal_user_id": id_of("portal_user"),
            "password": TEXT,
            "new_password_required": FLAG,
            "mfa": one_of("SOFTWARE_TOKEN_MFA", "EMAIL_OTP"),
            "software_token": TEXT,
            "software_token_pending": TEXT,
            "software_token_step": WHOLE,
            "attributes": map_of(TEXT.schema),
        },
        "download": {"id": TEXT, "portal_user_id": id_of("portal_user"), "file_id": id_of("file")},
        "edit": {"id": TEXT, "entity_id": ENTITY_ID, "attributes": TEXTS, "at": MOMENT},
        "email_templates": {"portal_id": id_of("portal")},
        "export": {
            "id": TEXT,
            "portal_user_id": id_of("portal_user"),
            "created_at": MOMENT,
            "filename": TEXT,
            "content": TEXT,
        },
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
            "code": TEXT,
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
            "notification_id": WHOLE,
            "translations": map_of(named(title=TEXT, message=TEXT)),
            "redirect_url": TEXT,
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
        "revision": {
            "revision_id": TEXT,
            "portal_id": id_of("portal"),
            "created_at": MOMENT,
            "created_by": TEXT,
            "name": TEXT,
            "description": TEXT,
            "published_at": MOMENT,
            "published_by": TEXT,
            "config": OBJECT,
            "pages": OBJECTS,
            "email_templates": OBJECT,
            "identity_providers": OBJECTS,
        },
        "schema": {"slug": TEXT, "name": TEXT, "attributes": list_of(_SCHEMA_ATTRIBUTE)},
        "session": {
            "refresh_token": TEXT,
            "family": TEXT,
            "portal_user_id": id_of("portal_user"),
            "signed_in_at": MOMENT,
            "expires_at": MOMENT,
            "event_id": TEXT,
            "scope": TEXT,
            "claims": OBJECT,
        },
        "target": {"id": TEXT, "name": TEXT, "schema": TEXT, "filters": OBJECTS},
        "upload": {
            "id": TEXT,
            "mime_type": TEXT,
            "size_bytes": WHOLE,
            "content": TEXT,
            "expires_at": MOMENT,
        },
        "user_pool": {
            "portal_id": id_of("portal"),
            "prevent_user_existence_errors": FLAG,
            "refresh_token_rotation": FLAG,
            "client_secret": TEXT,
        },
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
        (("oidc_access", "oidc_session"), ("provider", "claims")),
        (("oidc_refresh",), ("provider", "claims", "client_id", "family")),
        (("pool_code",), ("portal_user_id", "client_id", "redirect_uri")),
        (("email_change",), ("portal_user_id", "email")),
        (("registration", "forgot_password", "invitation", "login_as", "sso"), ("portal_user_id",)),
    )
)
