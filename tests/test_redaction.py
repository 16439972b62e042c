from mockportal.redaction import safe_body, safe_headers, safe_query


def test_credentials_keep_their_scheme_only() -> None:
    headers = {"authorization": "Bearer dev-anna", "Cookie": "a=b", "accept": "*/*"}

    assert safe_headers(headers) == {
        "authorization": "Bearer [redacted]", "Cookie": "[redacted]", "accept": "*/*"
    }  # fmt: skip


def test_secret_named_keys_are_hidden_at_any_depth() -> None:
    body = {
        "password": "x", "refresh_token": "x", "accessToken": "x", "token": "x", "nested": [{"client_secret": "x"}],
        "password_policy": {"minimum_length": 8}, "token_endpoint": "https://a.test", "name": "Anna", "has_client_secret": True,
    }  # fmt: skip

    assert safe_body(body) == {
        "password": "[redacted]", "refresh_token": "[redacted]", "accessToken": "[redacted]", "token": "[redacted]",
        "nested": [{"client_secret": "[redacted]"}], "password_policy": {"minimum_length": 8},
        "token_endpoint": "https://a.test", "name": "Anna", "has_client_secret": True,
    }  # fmt: skip


def test_query_hides_tokens() -> None:
    assert safe_query("a=1&confirmation_link_token=abc&b=2") == "a=1&confirmation_link_token=[redacted]&b=2"
