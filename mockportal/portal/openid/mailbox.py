"""The mailbox: every mail that the portals would have sent, as a web page with its link and its code."""

from urllib.parse import unquote

from mockportal.engine.call import Reply, Request
from mockportal.portal.identity.outbox import mails_of
from mockportal.portal.openid.pages import error_page, page
from mockportal.state.store import Draft


def serve_mailbox(request: Request, state: Draft) -> Reply:
    """The list at `/__services/mail`, and each mail at its id below."""
    if request.method not in ("GET", "HEAD"):
        return Reply(405, {"message": f"the mailbox takes GET, not {request.method}"}, {"Allow": "GET, HEAD"})
    address = f"{state.base_url}/__services/mail"
    id = unquote(request.path.strip("/"))
    mails = mails_of(state)
    if not id:
        return page(200, "mails", address=address, mails=mails[::-1])
    mail = next((one for one in mails if one["id"] == id), None)
    if mail is None:
        return error_page(404, "not_found", "There is no such mail.")
    return page(200, "mail", address=address, mail=mail)
