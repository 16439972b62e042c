"""Documented refusals that no request can bring about, and why. All others are reached by a test, each by name."""

from collections.abc import Mapping
from types import MappingProxyType

_PUBLIC = "the operation is public and ignores the Authorization header, so no token can be wrong"
_EMPTY = "a search without a match is an empty result, not an error"
_UNCONTESTED = "revisions do not depend on each other, so that none is in the way of another"

# (operation, status) → the reason
UNREACHABLE: Mapping[tuple[str, int], str] = MappingProxyType(
    {
        ("getPublicPages", 401): _PUBLIC,
        ("getPublicPortalExtensionDetails", 401): _PUBLIC,
        ("getPublicPortalExtensionDetailsV3", 401): _PUBLIC,
        ("getPublicPortalWidgets", 401): _PUBLIC,
        ("getPublicPortalWidgetsV3", 401): _PUBLIC,
        ("getPublicSchemasV3", 401): _PUBLIC,
        ("searchPortalUserEntities", 404): _EMPTY,
        ("createPortalRevision", 409): _UNCONTESTED,
        ("getPortalRevision", 409): _UNCONTESTED,
        ("identifyContact", 429): "only a rule of a scenario counts requests",
    }
)
