"""A portal's own domain: from the distribution over DNS to the certificate.

DNS takes its time: the records are seen ten minutes after the distribution was configured, or by the second check,
whichever comes first. A certificate that has failed waits for the distribution to be configured again.
"""

from datetime import timedelta

from mockportal.engine.api import operation
from mockportal.engine.call import Call
from mockportal.errors import BadRequest
from mockportal.portal.entity.addressing import portal_of
from mockportal.state.clock import instant
from mockportal.state.ids import stable_short_id
from mockportal.state.store import Draft
from mockportal.values import Json, Record

_PROPAGATION = timedelta(minutes=10)


@operation("configureDistribution", "configureDistributionV3")
def configure_distribution(call: Call, state: Draft) -> Json:
    """The same host name every time; a domain that works already goes on working."""
    portal = portal_of(call, state)
    if not _own_domain(portal):
        raise BadRequest("this portal has no custom domain")
    if not _is_live(portal) and not (_is_configured(portal) and not _has_failed(portal)):
        begun = {"status": "PENDING_VALIDATION", "requested_at": state.timestamp()}
        _update(state, portal, "PENDING", {**begun, "checked_at": None, "failed_reason": None})
    host = stable_short_id(state.seed, "distribution", portal["portal_id"])
    return {"domainName": f"d{host}.cdn.test"}


@operation("validateCaaRecords", "validateCaaRecordsV3")
def validate_caa_records(call: Call, state: Draft) -> Json:
    """Only looks: whoever asks again changes nothing."""
    portal = portal_of(call, state)
    domain = _own_domain(portal)
    if not domain:
        return _caa("This portal has no custom domain.")
    if _has_failed(portal):
        return _caa(f"The CAA records of {domain} forbid the certificate.")
    if _is_live(portal) or _is_seen(portal, state):
        return _caa(f"The CAA records of {domain} allow the certificate.", is_configured=True)
    return _caa(f"The CAA records of {domain} are not visible yet.", retry=True)


@operation("verifyDns")
def verify_dns(call: Call, state: Draft) -> Json:
    """Success issues the certificate, and lasts."""
    portal = portal_of(call, state)
    domain = _own_domain(portal)
    if not domain:
        return _pending("This portal has no custom domain.")
    if not _is_live(portal):
        if _has_failed(portal):
            return _pending(f"The certificate for {domain} has failed; configure the distribution again.")
        if not _is_configured(portal):
            return _pending(f"The distribution for {domain} is not configured yet.")
        if not _is_seen(portal, state):
            _update(state, portal, "PENDING", {"checked_at": state.timestamp()})
            return _pending(f"The CNAME record of {domain} is not visible yet.")
        _update(state, portal, "SUCCEED", {"status": "ISSUED", "requested_at": None, "checked_at": None})
    return {"domain_status": "SUCCEED", "message": f"{domain} points to the portal."}


def _update(state: Draft, portal: Record, domain_status: str, certificate: Record) -> None:
    changes = {"domain_status": domain_status, "certificate_details": certificate}
    state.collection("portal").patch(portal["portal_id"], changes)


def _own_domain(portal: Record) -> str:
    """The custom domain; "" if there is none or it is switched off."""
    is_enabled = (portal.get("domain_settings") or {}).get("is_custom_domain_enabled", True)
    return str(portal.get("domain") or "") if is_enabled and not portal.get("is_epilot_domain") else ""


def _is_live(portal: Record) -> bool:
    return portal.get("domain_status") == "SUCCEED"


def _is_configured(portal: Record) -> bool:
    return "requested_at" in _certificate(portal)


def _has_failed(portal: Record) -> bool:
    return _certificate(portal).get("status") == "FAILED"


def _is_seen(portal: Record, state: Draft) -> bool:
    certificate = _certificate(portal)
    if not _is_configured(portal):
        return False
    return "checked_at" in certificate or state.now() >= instant(certificate["requested_at"]) + _PROPAGATION


def _certificate(portal: Record) -> Record:
    certificate: Record = portal.get("certificate_details") or {}
    return certificate


def _caa(message: str, *, is_configured: bool = False, retry: bool = False) -> Record:
    return {"isDNSConfigured": is_configured, "retry": retry, "message": message}


def _pending(message: str) -> Record:
    return {"domain_status": "PENDING", "message": message}
