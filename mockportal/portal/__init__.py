"""The Portal API: its data, and its behaviours in rooms by area, marked with the operations that they answer."""

from mockportal.engine.api import Api
from mockportal.portal.access.surfaces import with_identified
from mockportal.portal.collections import COLLECTIONS
from mockportal.portal.entity.addressing import add_domains
from mockportal.portal.exports.exports import SERVICE as EXPORTS
from mockportal.portal.exports.exports import serve_exports
from mockportal.portal.hiding import hiding
from mockportal.portal.identity.outbox import mails_of
from mockportal.portal.identity.roster import people_of
from mockportal.portal.ignored import IGNORED
from mockportal.portal.previews.previews import SERVICE as PREVIEWS
from mockportal.portal.previews.service import serve_previews
from mockportal.portal.services import SERVICES
from mockportal.portal.tokens import CLASSES, caller_of, minted_claims
from mockportal.portal.unreachable import UNREACHABLE
from mockportal.portal.versions import is_in_some_version
from mockportal.spec.examples import Samples

API = Api(
    data=COLLECTIONS,
    token_classes={name: with_identified(classes) for name, classes in CLASSES.items()},
    caller_of=caller_of,
    claims_of=minted_claims,
    open=False,
    # they confirm, set up a domain, redeem a link, or follow it to where it leads
    side_effects=frozenset(
        (
            "confirmUser",
            "confirmUserWithUserId",
            "configureDistribution",
            "configureDistributionV3",
            "getResolvedExternalLink",
            "getResolvedExternalLinkV3",
            "getResolvedSeamlessLink",
        )
    ),
    uploads=frozenset(("uploadMeterReadingPhoto",)),
    ignored=IGNORED,
    hiding=hiding,
    outbox=mails_of,
    people=people_of,
    add_domains=add_domains,
    samples=Samples(
        texts=("Musterau", "Lindenallee", "Kirchberg", "Sonnenweg", "Gewerbepark"),
        email="anna.berger@example.org",
        url="https://mein.sw-musterau.test/",
    ),
    services={**SERVICES, EXPORTS: serve_exports, PREVIEWS: serve_previews},
    unreachable=UNREACHABLE,
    versions=is_in_some_version,
)
