"""The judge's journeys: state machines that write, read back, and compare with a model of what must be there."""

from mockportal.judge.journeys.accounts import ACCOUNT, REGISTRATION
from mockportal.judge.journeys.blocks import BLOCKS
from mockportal.judge.journeys.decisions import CLAIM, OFFER, OUTREACH, STEP
from mockportal.judge.journeys.entities import ENTITIES
from mockportal.judge.journeys.events import ACTIVITIES, REPEATED
from mockportal.judge.journeys.files import FILES, PORTAL_FILES
from mockportal.judge.journeys.old_portals import OLD_PORTALS
from mockportal.judge.journeys.pages import PAGES
from mockportal.judge.journeys.partners import PARTNERS
from mockportal.judge.journeys.portals import PORTALS
from mockportal.judge.journeys.readings import READINGS
from mockportal.judge.journeys.selections import TEMPLATES, WIDGETS
from mockportal.judge.journeys.walk.machine import Journey

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
