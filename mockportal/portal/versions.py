"""The operations that only some versions of the Portal API have, so that one package of behaviours serves them all."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from mockportal.config import content
from mockportal.spec.document import load_document, operations

# version -> the operations that are new in it
ADDED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "2026-11": frozenset(
            (
                "changePortalUserPassword",
                "createExport",
                "createPortalRevision",
                "createPortalUserEntity",
                "getContractWithTemplates",
                "getEntityPortalWorkflows",
                "getEntityPortalWorkflowsBatch",
                "getExport",
                "getFilePreview",
                "getMobileConfig",
                "getOutstandingTasks",
                "getPortalNotificationsUnreadCount",
                "getPortalRevision",
                "getPublicSSOProviderV3",
                "identifyContact",
                "listEmailTemplateReferences",
                "listPortalNotifications",
                "listPortalRevisions",
                "markAllPortalNotificationsRead",
                "markPortalNotificationRead",
                "migrateEmailTemplateReferences",
                "patchPortalUserEntity",
                "publishPortalRevision",
                "putMobileConfig",
            )
        )
    }
)
# The operations that take the token of a contact who was identified without an account.
FOR_IDENTIFIED_CONTACTS = frozenset(
    (
        "getContact",
        "getMeterReadings",
        "getPortalPages",
        "getPortalUserEntity",
        "getSchemas",
        "searchPortalUserEntities",
        "validateToken",
    )
)


def is_in_some_version(id: str) -> bool:
    """True if a shipped version of the document has this operation."""
    return any(id in added for added in ADDED.values()) or id in _of_the_first()


@cache
def _of_the_first() -> frozenset[str]:
    document = load_document(content("openapi.json"))
    return frozenset(raw["operationId"] for _, _, raw, _ in operations(document))
