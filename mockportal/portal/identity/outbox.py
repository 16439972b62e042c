"""The mails of a portal. None is ever sent: they wait in the state, with the link and the token that they hold."""

from collections.abc import Mapping
from types import MappingProxyType

from mockportal.engine.call import Call
from mockportal.portal.entity.addressing import is_reached_at
from mockportal.state.store import Draft
from mockportal.values import Record

# What every mail has, also one that a scenario leaves it out of.
_BLANK: Mapping[str, str] = MappingProxyType(dict.fromkeys(("to", "subject", "template", "created_at"), ""))


def send_mail(
    state: Draft,
    user: Record,
    template: str,
    subject: str,
    link: str,
    token: str = "",
    *,
    to: str = "",
    expires_at: str = "",
    code: str = "",
) -> Record:
    """Puts a mail about a portal user into the outbox, addressed to that user unless `to` names somebody else.

    `template` is a slot of the portal's e-mail templates, such as `confirmAccount`; `code` is for typing, where a
    link does not do.
    """
    optional = {"token": token, "code": code, "expires_at": expires_at}
    mail = {
        "id": state.new_id("mail"),
        "portal_user_id": user["_id"],
        "to": to or user.get("email", ""),
        "template": template,
        "subject": subject,
        "link": link,
        "created_at": state.timestamp(),
        **{name: value for name, value in optional.items() if value},
    }
    return state.collection("mail").put(mail)


def mails_of(state: Draft) -> list[Record]:
    """All mails, oldest first, each with its `links` and `codes`.

    A link to a page of the portal leads to the frontend that the mock was told of.
    """
    mails = sorted(state.collection("mail"), key=lambda mail: str(mail.get("created_at", "")))
    return [_shown(state, mail) for mail in mails]


def web_url(call: Call, state: Draft, portal: Record) -> str:
    """The address of a portal's pages, for links that this call makes."""
    return pages_address(state, portal, call.request.headers.get("origin", ""))


def pages_address(state: Draft, portal: Record, origin: str) -> str:
    """The address of a portal's pages: that of the calling page if it is on one of the portal's domains, else the
    frontend that the mock was told of, else the portal's own domain.

    So a frontend at `http://localhost:5173`, an alias of the portal's domain, gets links to itself.
    """
    if is_reached_at(state, portal, origin.partition("://")[2]):
        return origin
    return state.frontend or _own_address(portal)


def _own_address(portal: Record) -> str:
    return f"https://{portal.get('domain') or portal.get('epilot_domain') or 'localhost'}"


def _shown(state: Draft, mail: Record) -> Record:
    user = state.collection("portal_user").find(str(mail.get("portal_user_id"))) or {}
    portal = state.collection("portal").find(str(user.get("portal_id")))
    link = str(mail.get("link", ""))
    own = _own_address(portal) if portal else ""
    if state.frontend and own and link.startswith((f"{own}/", f"{own}?")):
        link = state.frontend + link[len(own) :]
    codes = [mail["code"]] if "code" in mail else []
    return {**_BLANK, **mail, "link": link, "links": [link] if link else [], "codes": codes}
