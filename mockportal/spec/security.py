"""Security schemes as compiled: where a request carries the credential of each."""

from dataclasses import dataclass

from mockportal.errors import SpecError
from mockportal.files.pointers import pointer_to
from mockportal.spec.document import follow
from mockportal.values import Json, Record

_AUTHORIZATION = "authorization"
_CLIENT_CERT = "client-cert"  # RFC 9440: where a proxy that ends TLS tells the certificate of a client


@dataclass(frozen=True, slots=True)
class SecurityScheme:
    """One scheme of `components/securitySchemes`.

    `place` is header, query, cookie, or certificate: a header that tells what a proxy has read from the certificate of
    a client. `key` is the name there, of a header in lower case; `prefix` is the word in front of the credential:
    `bearer` or `basic`, "" for an API key.
    """

    name: str
    place: str
    key: str
    prefix: str = ""

    def __str__(self) -> str:
        """Tells a client what to send: `a bearer token`, `the header X-Key`."""
        if self.place == "certificate":
            return "a client certificate"
        if self.prefix == "basic":
            return "an Authorization header with basic credentials"
        return "a bearer token" if self.prefix else f"the {self.place} {self.key}"


# The alternatives of an operation; of each, all schemes have to be met. An empty alternative lets everybody in.
Alternatives = tuple[tuple[SecurityScheme, ...], ...]


def alternatives(document: Record, listed: list[Record], at: str) -> Alternatives:
    """The schemes that a `security` list names. Raises `SpecError` for one that the document does not define."""
    return tuple(tuple(_scheme(document, name, at) for name in alternative) for alternative in listed)


def _scheme(document: Record, name: str, at: str) -> SecurityScheme:
    defined = (document.get("components") or {}).get("securitySchemes") or {}
    if name not in defined:
        raise SpecError(f"{at}/security", f"the security scheme {name!r} is not defined")
    raw: Json = follow(document, defined[name], pointer_to("components", "securitySchemes", name))[0]
    if raw.get("type") == "apiKey":
        place, key = str(raw.get("in", "header")), str(raw.get("name", ""))
        return SecurityScheme(name, place, key.lower() if place == "header" else key)
    if raw.get("type") == "mutualTLS":
        return SecurityScheme(name, "certificate", _CLIENT_CERT)
    basic = raw.get("type") == "http" and str(raw.get("scheme", "")).lower() == "basic"
    return SecurityScheme(name, "header", _AUTHORIZATION, "basic" if basic else "bearer")
