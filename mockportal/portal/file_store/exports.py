"""The files of `prepareVisualizationExport`, which are written when they are fetched."""

from urllib.parse import parse_qs, unquote

from mockportal.engine.call import Reply, Request
from mockportal.portal.file_store.downloads import file_reply
from mockportal.portal.metering.charts import exported_file
from mockportal.state.store import Draft


def download_export(request: Request, draft: Draft) -> Reply:
    """The values of a series as CSV (RFC 4180). Raises `Forbidden` for an address that is forged or has expired."""
    signature = parse_qs(request.query).get("signature", [""])[0]
    content = exported_file(draft, signature).encode()
    name = unquote(request.path.rpartition("/")[2])
    return file_reply(request, {"filename": name, "mime_type": "text/csv"}, content)
