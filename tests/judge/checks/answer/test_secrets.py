"""No answer tells a secret."""

from collections.abc import Iterable

import pytest

from mockportal.judge.checks.answer.answers import answer_of
from mockportal.judge.checks.answer.consistency import SentValues
from mockportal.judge.checks.answer.secrets import secrets_stay_secret, tokens_stay_secret
from mockportal.judge.knowledge import knowledge
from mockportal.judge.model import Interaction, Received, Sent
from mockportal.mock import Mock
from mockportal.spec.operations import JSON_TYPE
from mockportal.spec.spec import Spec
from mockportal.values import Json, encode
from tests.support.runs import context_on

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.c2lnbmF0dXJlLWlzLWhlcmU"


def wrong(spec: Spec, operation: str, status: int, body: Json) -> list[str]:
    """The signatures of what `secrets_stay_secret` says of an answer."""
    received = Received(status, (("content-type", JSON_TYPE),), encode(body))
    exchange = Interaction(Sent(operation, "GET", "/", {}), received)
    return [
        one.signature
        for one in secrets_stay_secret(answer_of(spec.operations[operation], exchange, received))
    ]


def test_mock_tells_no_secret(mock: Mock) -> None:
    with context_on(mock, "secrets") as context:
        own = tokens_stay_secret(context.target.variables().values())
        told = []
        for name, operation in context.operations.items():
            exchange = context.call(name)
            assert exchange.received is not None
            answer = answer_of(operation, exchange, exchange.received)
            told += [(name, one.signature) for one in (*secrets_stay_secret(answer), *own(answer))]

    assert told == []


@pytest.mark.parametrize(
    ("operation", "sent", "told"),
    [
        ("upsertPortalWidget", {"widgets": [{"x": {"authorization": ["fuzzed text"]}}]}, []),
        ("updateContact", {"password": "fuzzed text"}, []),
        ("putPortalConfig", {"identity_providers": [{"oidc_config": {"client_secret": "fuzzed text"}}]},
         ["secret identity_providers.*.oidc_config.client_secret"]),
        ("createUserV3", {"password": "fuzzed text"}, ["secret password"]),
    ],
)  # fmt: skip
def test_what_was_put_into_a_free_place_is_no_secret(
    spec: Spec, operation: str, sent: Json, told: list[str]
) -> None:
    sown = SentValues({})
    received = Received(201, (("content-type", JSON_TYPE),), encode(sent))
    exchange = Interaction(Sent(operation, "POST", "/", {}, encode(sent)), received)
    answer = answer_of(spec.operations[operation], exchange, received)

    sown.watch(exchange)

    assert [one.signature for one in secrets_stay_secret(answer, sown.texts)] == told


@pytest.mark.parametrize(
    ("operation", "status", "body", "signature"),
    [
        ("getPortalUser", 200, {"data": {"password": "Musterau!2026"}}, "secret data.password"),
        ("getPublicPortalConfig", 200, {"oidc": [{"client_secret": "s3cr3t-value"}]}, "secret oidc.*.client_secret"),
        ("getPortalConfigV3", 200, {"metadata": {"test_auth_password": "geheim12"}}, "secret metadata.test_auth_password"),
        ("getContract", 200, {"entity": {"access_token": "abcdef123"}}, "token entity.access_token"),
        ("getContract", 200, {"entity": {"note": JWT}}, "token entity.note"),
        ("ssoLogin", 200, {"token": "abcdef", "refresh_token": "abcdef"}, "token refresh_token"),
        ("getContract", 200, {"options": [{"type": "secret", "value": "demo-key"}]}, "secret options.*.value"),
        ("getContract", 404, {"message": 'Traceback (most recent call last): File "x.py", line 3'}, "inside 404"),
        ("getContract", 400, {"message": "syntax error in SELECT * FROM contract WHERE id = 1"}, "inside 400"),
    ],
)  # fmt: skip
def test_secret_is_found(spec: Spec, operation: str, status: int, body: Json, signature: str) -> None:
    assert wrong(spec, operation, status, body) == [signature]


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("getPortalConfig", {"password_policy": {"minimum_length": 8}, "has_client_secret": True}),
        ("getPortalConfig", {"client_secret": "********"}),
        ("getPortalConfig", {"api_key": "{{ env.API_KEY }}"}),
        ("getPortalConfig", {"email_templates": {"forgotPassword": "5c84d30e-a18b-5a28-9a2a-d3a0989fe57f"}}),
        ("getOrgPortalConfig", {"client_secret": "s3cr3t-value"}),
        ("ssoCallback", {"id_token": JWT, "token_type": "Bearer"}),
        ("prepareVisualizationExport", {"download_url": f"https://files.test/x.csv?signature={JWT}"}),
    ],
)  # fmt: skip
def test_what_is_no_secret_is_let_be(spec: Spec, operation: str, body: Json) -> None:
    assert wrong(spec, operation, 200, body) == []


def test_own_token_is_found(spec: Spec) -> None:
    received = Received(200, (), b'{"note": "dev-anna-1234"}')
    exchange = Interaction(Sent("getContract", "GET", "/", {}), received)
    answer = answer_of(spec.operations["getContract"], exchange, received)

    assert [one.signature for one in tokens_stay_secret(["dev-anna-1234"])(answer)] == ["token"]
    assert [*tokens_stay_secret(["dev-anna"])(answer)] == []


def test_tokens_are_given_out_where_the_contract_says_so(newer_mock: Mock) -> None:
    for name, operations in knowledge("secrets")["tokens"].items():
        for operation in operations:
            assert name in {
                *_examples(
                    newer_mock.spec.operations[operation].responses["200"].examples[JSON_TYPE].values()
                )
            }


def _examples(values: Iterable[Json]) -> list[str]:
    return [name for value in values if isinstance(value, dict) for name in value]


@pytest.mark.parametrize(
    ("operation", "status", "body"),
    [
        ("getContract", 404, {"message": "SELECT * FROM contracts WHERE id = 1"}),
        ("getOrder", 400, {"message": "bad", "trace": "TypeError: x is not a function"}),
        ("getOrder", 403, {"message": "no", "upstream": "http://10.0.3.17:8080/orders"}),
        ("getContact", 500, {"message": "at handler (/var/task/index.js:12:3)"}),
        ("getContact", 200, {"entity": {"_debug": "/var/task/src/contact.py"}}),
        ("getPortalUser", 200, {"data": {"served_by": "ip-10-1-2-3.eu-central-1.compute.internal"}}),
        ("getAllFiles", 200, {"results": [{"stack": "x"}]}),
    ],
)
def test_the_inside_of_the_server_is_found_in_any_answer(
    spec: Spec, operation: str, status: int, body: Json
) -> None:
    assert wrong(spec, operation, status, body) == [f"inside {status}"]


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("getPublicPortalConfig", "signing_key"),
        ("getOrganizationSettings", "maps-api-key"),
        ("getPublicPortalWidgets", "privateToken"),
    ],
)
def test_a_key_in_settings_is_found_by_its_name(spec: Spec, operation: str, name: str) -> None:
    assert wrong(spec, operation, 200, {"settings": {name: "k-1234567"}}) == [f"secret settings.{name}"]


@pytest.mark.parametrize("name", ["public_key", "label_key", "sort_key", "key"])
def test_a_key_that_opens_nothing_is_left_alone(spec: Spec, name: str) -> None:
    assert wrong(spec, "getPublicPortalConfig", 200, {"settings": {name: "k-1234567"}}) == []
