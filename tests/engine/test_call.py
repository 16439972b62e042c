"""Requests made from parameters and a body, as a client would send them."""

from dataclasses import replace
from typing import Any

import pytest

from mockportal.engine.call import request_for
from mockportal.spec.spec import Spec


@pytest.mark.parametrize(
    ("name", "params", "path", "query"),
    [
        ("getContract", {"id": "a/b c"}, "/v2/portal/contract/a%2Fb%20c", ""),
        ("getBillingEvents", {"paid": False, "size": 5}, "/v2/portal/billing/events", "paid=false&size=5"),
        ("getBillingEvents", {"entity_id": ["a", "b"]}, "/v2/portal/billing/events", "entity_id=a&entity_id=b"),
        ("getTriggeredJourney", {"trigger_name": "X", "context_entities": [{"a": 1}]},
         "/v2/portal/config/triggered-journeys/X", "context_entities=%7B%22a%22%3A1%7D"),
        ("getContact", {"unknown": "x"}, "/v2/portal/contact", "unknown=x"),
    ],
)  # fmt: skip
def test_parameters_go_where_they_belong(
    spec: Spec, name: str, params: dict[str, Any], path: str, query: str
) -> None:
    request = request_for(spec.operations[name], params)

    assert (request.path, request.query) == (path, query)
    assert request.headers == {}


def test_token_is_a_bearer_token(spec: Spec) -> None:
    request = request_for(spec.operations["getContact"], {}, token="dev-anna")

    assert request.headers == {"authorization": "Bearer dev-anna"}


def test_header_parameter_is_a_header(spec: Spec) -> None:
    operation = spec.operations["getContract"]
    parameters = tuple(
        replace(one, name="X-Trace", key="X-Trace", location="header") for one in operation.parameters
    )

    request = request_for(replace(operation, parameters=parameters), {"X-Trace": True})

    assert request.headers == {"x-trace": "true"}


def test_body_is_json_unless_it_is_bytes(spec: Spec) -> None:
    operation = spec.operations["updateContact"]

    request, raw = request_for(operation, {}, {"a": [1]}), request_for(operation, {}, b"<a/>", "", "text/xml")

    assert (request.body, request.headers["content-type"]) == (b'{"a":[1]}', "application/json")
    assert (raw.body, raw.headers["content-type"]) == (b"<a/>", "text/xml")


def test_fields_become_a_form_where_nothing_else_is_taken(spec: Spec) -> None:
    request = request_for(spec.operations["ssoRedirect"], {"web_uri": "https://a.test"}, {"code": "x"})

    assert request.headers["content-type"] == "multipart/form-data; boundary=mockportal-boundary"
    assert b'name="code"\r\n\r\nx\r\n' in request.body
