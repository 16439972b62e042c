"""The keys of a body that an operation ignores by decision; the answer names those that were sent."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from mockportal.portal.configuration import portal_config
from mockportal.portal.entity.edits import is_ignored
from mockportal.portal.identity.users import is_immutable
from mockportal.portal.pages import pages

# operation → whether it ignores a key
IGNORED: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "createPortalPage": pages.SERVER_OWNED.__contains__,
        "putPortalConfig": portal_config.SERVER_OWNED.__contains__,
        "updateContact": partial(is_ignored, "contact"),
        "updateContract": partial(is_ignored, "contract"),
        "updateOpportunity": partial(is_ignored, "opportunity"),
        "updateOrder": partial(is_ignored, "order"),
        "updatePortalPage": pages.SERVER_OWNED.__contains__,
        "updatePortalUser": is_immutable,
        "upsertPortal": portal_config.SERVER_OWNED.__contains__,
    }
)
