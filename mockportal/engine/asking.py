"""A request as a client makes it: an operation, its parameters by name, a body and a token."""

from collections.abc import Mapping

from mockportal.engine.call import Request
from mockportal.spec.operations import JSON_TYPE, Operation
from mockportal.spec.spelling import spell
from mockportal.values import Json


def request_for(
    operation: Operation,
    params: Mapping[str, Json],
    body: Json = None,
    token: str = "",
    media_type: str = JSON_TYPE,
) -> Request:
    """The request that calls `operation` as the holder of `token` ("" for nobody), spelled as `spell` does."""
    spelled = spell(operation, params, body, media_type)
    headers = {"authorization": f"Bearer {token}"} if token else {}
    headers |= spelled.headers
    return Request(operation.method, spelled.path, spelled.query, headers, spelled.body, spelled.path_params)
