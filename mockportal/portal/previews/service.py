"""The neighbour that shows files in place, and hands them out to be saved, at addresses that `getFilePreview` signs."""

from urllib.parse import unquote

from mockportal.engine.call import Reply, Request
from mockportal.engine.signing import signed_conditions
from mockportal.errors import Forbidden, NotFound
from mockportal.portal.file_store.downloads import content_of, file_reply
from mockportal.portal.file_store.pdf import pdf
from mockportal.portal.previews.previews import ATTACHMENT, INLINE, preview_kind
from mockportal.state.store import Draft

_PDF = "application/pdf"


def serve_previews(request: Request, draft: Draft) -> Reply:
    """`/inline/{id}/{name}` and `/attachment/{id}/{name}`. Office documents are shown as a PDF.

    Raises `NotFound`, and `Forbidden` for an address that is forged or has expired.
    """
    place, _, rest = request.path.removeprefix("/").partition("/")
    file = draft.collection("file").find(unquote(rest.split("/")[0]))
    if request.method not in ("GET", "HEAD") or place not in (INLINE, ATTACHMENT) or file is None:
        raise NotFound(f"there is no {request.method} {unquote(request.path)}")
    if signed_conditions("GET", request.path, request.query, draft.now().timestamp()) is None:
        raise Forbidden("the address of this file is not valid, or not any more")
    content = content_of(draft, file)
    if place == INLINE and preview_kind(file) == "pdf" and not content.startswith(b"%PDF"):
        file = {**file, "filename": f"{file.get('filename') or file['_title']}.pdf", "mime_type": _PDF}
        content = pdf(str(file["_title"]), [str(file["filename"])])
    reply = file_reply(request, file, content)
    _, _, named = reply.headers["Content-Disposition"].partition(";")
    return Reply(reply.status, reply.body, {**reply.headers, "Content-Disposition": f"{place};{named}"})
