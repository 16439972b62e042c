"""Requests of every sort that programs have to send again."""

from collections.abc import Mapping
from dataclasses import dataclass, field

ANNA = {"authorization": "Bearer dev-anna"}
JSON = {**ANNA, "content-type": "application/json"}
BOUNDARY = "--b\r\nContent-Disposition: form-data; name="
PHOTO = bytes(range(256)) * 3
ODD = 'Änne "O\'Neil" $(touch owned) `touch owned` \\ %s !! \u2028 \U0001f600'
FILE = b'{"entity_id": "b3022fff-43bb-5c2a-8753-d7615ce57ff8", "entity_type": "contract", "file_entity_ids": ["c418268c-8a6d-519b-a317-fbfb3a87c950"]}'


@dataclass(frozen=True, slots=True)
class Case:
    """A request, and the kinds of programs that cannot send it."""

    method: str
    target: str
    headers: Mapping[str, str | bytes] = field(default_factory=lambda: ANNA)
    body: bytes = b""
    impossible: tuple[str, ...] = ()

    @property
    def lines(self) -> list[tuple[bytes, bytes]]:
        """The header lines as bytes."""
        given = self.headers.items()
        return [
            (name.encode(), value if isinstance(value, bytes) else value.encode()) for name, value in given
        ]


CASES = {
    "get": Case("GET", "/v2/portal/user"),
    "head": Case("HEAD", "/v2/portal/user"),
    "nobody": Case("GET", "/v2/portal/user", {}),
    "json": Case("PATCH", "/v2/portal/contact", JSON, b'{"first_name": "\xc3\x84nne", "last_name": "O\'Neil"}'),
    "odd-json": Case("PATCH", "/v2/portal/contact", JSON, b'{"first_name": "%s"}' % ODD.replace("\\", "\\\\").replace('"', '\\"').encode()),
    "wrong-json": Case("PATCH", "/v2/portal/contact", JSON, b'{"first_name": 5'),
    "no-type": Case("PATCH", "/v2/portal/contact", ANNA, b'{"first_name": "Eva"}', ("playwright",)),
    "wrong-type": Case("PATCH", "/v2/portal/contact", {**ANNA, "content-type": "text/plain; charset=utf-8"}, ODD.encode()),
    "form": Case("POST", "/__services/cognito/x/oauth2/token", {"content-type": "application/x-www-form-urlencoded"}, b"grant_type=x&a=%C3%A4+%27&b"),
    "multipart": Case(
        "POST",
        "/v2/portal/public/sso/redirect?web_uri=https%3A%2F%2Fmein.sw-musterau.test%2Flogin",
        {"content-type": "multipart/form-data; boundary=b"},
        f'{BOUNDARY}"state"\r\n\r\n{ODD}\r\n{BOUNDARY}"file"; filename="ä.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'.encode() + PHOTO + b"\r\n--b--\r\n",
    ),
    "empty-post": Case("POST", "/v2/portal/token/validate"),
    "query": Case("GET", "/v2/portal/contract?a=%27%22%24(x)&b[]=1&b[]=%C3%A4&c=d+e&f='$HOME'&&g"),
    "broken-query": Case("GET", "/v2/portal/billing/events?limit=%zz"),
    "path": Case("GET", "/v2/portal/order/%C3%A4%20%27%22$(x)`y`;z&%2F"),
    "dots": Case("GET", "/v2/portal/../portal/user", impossible=("fetch", "playwright")),
    "latin-header": Case("GET", "/v2/portal/user", {**ANNA, "x-note": b"Gr\xc3\xbc\xc3\x9fe \xfc 'x'", "x-empty": "", "prefer": "code=404"}),
    "large": Case("PATCH", "/v2/portal/contact", JSON, b'{"first_name": "%s"}' % (b"x'" * 60_000)),
    "service": Case("POST", "/__services/cognito/x/", {"content-type": "application/x-amz-json-1.1", "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth"}, b'{"AuthFlow": "X"}'),
    "delete-body": Case("DELETE", "/v2/portal/entity/file", JSON, FILE),
    "get-body": Case("GET", "/v2/portal/user", JSON, b'{"a": 1}', ("fetch",)),
}  # fmt: skip
