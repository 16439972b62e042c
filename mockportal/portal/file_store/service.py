"""The requests that the file store answers, by method and path."""

from collections.abc import Callable
from urllib.parse import unquote

from mockportal.engine.call import Reply, Request
from mockportal.errors import NotFound
from mockportal.portal.file_store.downloads import download, public_download
from mockportal.portal.file_store.exports import download_export
from mockportal.portal.file_store.uploads import UPLOADS, offer_upload, receive_upload
from mockportal.state.store import Draft

_READS = ("GET", "HEAD")


def serve_files(request: Request, draft: Draft) -> Reply:
    """Answers one request of the file store. Raises `Refusal`."""
    answer = _answer_of(request.method, request.path, draft)
    if answer is None:
        raise NotFound(f"the file store has no {request.method} {unquote(request.path)}")
    return answer(request, draft)


def _answer_of(method: str, path: str, draft: Draft) -> Callable[[Request, Draft], Reply] | None:
    first, _, rest = path.removeprefix("/").partition("/")
    if (method, path) == ("POST", "/upload-url"):
        return offer_upload
    if method == "PUT" and path.startswith(UPLOADS):
        return receive_upload
    if method not in _READS:
        return None
    if first == "exports" and rest:
        return download_export
    return download if unquote(first) in draft.collection("file") else public_download
