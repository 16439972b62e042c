"""The neighbours of the Portal API that a frontend needs offline, by the first segment of their path."""

from collections.abc import Mapping
from types import MappingProxyType

from mockportal.engine.api import Service
from mockportal.engine.call import Reply, Request
from mockportal.portal.cognito.protocol import serve_pool
from mockportal.portal.file_store.service import serve_files
from mockportal.portal.openid.mailbox import serve_mailbox
from mockportal.portal.openid.managed_login import is_managed_login, serve_managed_login
from mockportal.portal.openid.provider import serve_provider
from mockportal.state.store import Draft


def serve_cognito(request: Request, state: Draft) -> Reply:
    """A user pool: its pages and the endpoints of managed login, and the JSON protocol at all other paths."""
    serve = serve_managed_login if is_managed_login(request.path) else serve_pool
    return serve(request, state)


SERVICES: Mapping[str, Service] = MappingProxyType(
    {
        "cognito": serve_cognito,
        "files": serve_files,
        "mail": serve_mailbox,
        "oidc": serve_provider,
    }
)
