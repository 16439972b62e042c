"""The Portal API: its data, and its behaviours in rooms by area, marked with the operations that they answer."""

from mockportal.engine.api import Api
from mockportal.portal.collections import COLLECTIONS
from mockportal.portal.ignored import IGNORED
from mockportal.portal.services import SERVICES
from mockportal.portal.tokens import CLASSES, caller_of, minted_claims
from mockportal.portal.unreachable import UNREACHABLE
from mockportal.spec.examples import Samples

API = Api(
    data=COLLECTIONS,
    token_classes=CLASSES,
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
    ignored=IGNORED,
    outbox="mail",
    samples=Samples(
        texts=("Musterau", "Lindenallee", "Kirchberg", "Sonnenweg", "Gewerbepark"),
        email="anna.berger@example.org",
        url="https://mein.sw-musterau.test/",
    ),
    services=SERVICES,
    unreachable=UNREACHABLE,
)
