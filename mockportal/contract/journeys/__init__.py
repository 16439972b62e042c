"""The judge's journeys: state machines that write, read back, and compare with a model of what must be there."""

from mockportal.contract.journeys.accounts import ACCOUNT, REGISTRATION
from mockportal.contract.journeys.blocks import BLOCKS
from mockportal.contract.journeys.decisions import CLAIM, OFFER, OUTREACH, STEP
from mockportal.contract.journeys.entities import ENTITIES
from mockportal.contract.journeys.events import ACTIVITIES, REPEATED
from mockportal.contract.journeys.files import FILES, PORTAL_FILES
from mockportal.contract.journeys.machine import Journey
from mockportal.contract.journeys.old_portals import OLD_PORTALS
from mockportal.contract.journeys.pages import PAGES
from mockportal.contract.journeys.partners import PARTNERS
from mockportal.contract.journeys.portals import PORTALS
from mockportal.contract.journeys.readings import READINGS
from mockportal.contract.journeys.selections import TEMPLATES, WIDGETS

JOURNEYS: dict[str, Journey] = {
    "pages": PAGES,
    "blocks": BLOCKS,
    "portals": PORTALS,
    "old_portals": OLD_PORTALS,
    "widgets": WIDGETS,
    "email_templates": TEMPLATES,
    **ENTITIES,
    "files": FILES,
    "portal_files": PORTAL_FILES,
    "readings": READINGS,
    "registration": REGISTRATION,
    "account": ACCOUNT,
    "partners": PARTNERS,
    "offer": OFFER,
    "workflow_step": STEP,
    "outreach": OUTREACH,
    "claim": CLAIM,
    "activities": ACTIVITIES,
    "repeated": REPEATED,
}
