"""The mails of a portal. None is ever sent: they wait in the state, with the link and the token that they hold."""

from mockportal.engine.call import Call
from mockportal.portal.entity.addressing import domains_of
from mockportal.state.store import Draft
from mockportal.values import Record


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
) -> Record:
    """Puts a mail about a portal user into the outbox, addressed to that user unless `to` names somebody else.

    `template` is a slot of the portal's e-mail templates, such as `confirmAccount`.
    """
    mail = {
        "id": state.new_id("mail"),
        "portal_user_id": user["_id"],
        "to": to or user.get("email", ""),
        "template": template,
        "subject": subject,
        "link": link,
        "created_at": state.timestamp(),
    }
    if token:
        mail["token"] = token
    if expires_at:
        mail["expires_at"] = expires_at
    return state.collection("mail").put(mail)


def web_url(call: Call, portal: Record) -> str:
    """The address of a portal's pages: that of the calling page if it is on one of the portal's domains, else its own.

    So a frontend at `http://localhost:5173`, an alias of the portal's domain, gets links to itself.
    """
    origin = call.request.headers.get("origin", "")
    if origin.partition("://")[2].lower() in domains_of(portal):
        return origin
    return f"https://{portal.get('domain') or portal.get('epilot_domain') or 'localhost'}"
