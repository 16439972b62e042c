"""The names that stand for secrets: one rule for headers, queries, forms, bodies and texts.

Case, separators and percent-encoding are ignored, so `X-Auth-Token`, `sessionToken` and `acc%65ss_tok%65n` are names of
secrets. What stands behind or before the telling word can take that back: `token_type`, `has_client_secret`.
"""

import re
from collections.abc import Collection
from functools import lru_cache
from urllib.parse import unquote_plus

# A name is secret if it holds one of these anywhere, …
ANYWHERE = (
    "password", "passwort", "passwd", "passphrase", "passcode", "kennwort", "secret", "token", "credential",
    "authorization", "cookie", "csrf", "xsrf", "signature", "session id", "sess id",
    "access key", "account key", "api key", "auth key", "client key", "consumer key", "encryption key",
    "functions key", "hmac key", "master key", "private key", "service key", "session key", "shared key",
    "signing key", "ssh key", "storage key", "subscription key",
    "access code", "activation code", "auth code", "authentication code", "backup code", "confirmation code",
    "device code", "invitation code", "invite code", "login code", "mfa code", "one time code", "pairing code",
    "recovery code", "reset code", "security code", "sms code", "verification code", "code verifier",
    "client assertion", "saml assertion", "saml response",
)  # fmt: skip
# … if its last word, apart from `code` or `value`, is one of these, …
LAST = (
    "bearer", "creds", "cvc", "cvv", "jwt", "otp", "pass", "pin", "psk", "puk", "pw", "pwd", "sid", "sig", "tan", "totp"
)  # fmt: skip
# … or, in a header, a query or a form, if it is one of these, `X-` apart.
PARAMETERS = ("assertion", "auth", "authentication", "code", "session")
# It is not if one of these follows the telling word, …
HARMLESS_AFTER = (
    "alg", "allowed", "banner", "changed", "consent", "count", "created", "date", "detection", "enabled", "endpoint",
    "expir", "field", "format", "issued", "label", "length", "less", "lifetime", "limit", "method", "name", "policies",
    "policy", "provider", "required", "requirement", "rotat", "rules", "scheme", "settings", "status", "strength",
    "timeout", "title", "ttl", "type", "updated", "uri", "url", "use", "valid", "version", "ary", "ariat",
    "ization", "izer",
)  # fmt: skip
# … if it begins with one of these words, …
HARMLESS_FIRST = ("forgot", "forgotten", "has", "is", "require", "requires")
# … or if it is one of these, which are kinds of mails.
HARMLESS = ("journeyLoginOTP", "journeySignInOneTimePassword", "verifyCodeToSetPassword")
# A record with one of these hands out or redeems an authorization code, so that its `code` is a secret.
OAUTH = ("grant_type", "code_verifier", "redirect_uri", "client_id")
# A record with one of these is a part of a sign-in at a user pool, so that the names below it hold secrets.
SIGN_IN = (
    "AccessToken", "AuthFlow", "ChallengeName", "ClientId", "SecretCode", "USERNAME", "USER_ID_FOR_SRP", "UserCode"
)  # fmt: skip
OF_SIGN_IN = ("answer", "code", "salt", "session", "srpa", "srpb", "usercode")
_LONGEST_REMEMBERED = 64

_ANYWHERE = re.compile("|".join(one.replace(" ", "") for one in ANYWHERE))
_HARMLESS_AFTER = re.compile(f"s?(?:{'|'.join(HARMLESS_AFTER)})")
_HARMLESS = frozenset(name.lower() for name in HARMLESS)
_NO_LETTER = re.compile(r"[\W_\d]+")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# What a body holds in which some name may be secret; many others hold it, too.
_HEADS = frozenset(
    words[-1] if words[-1] in ("key", "code") else max(words, key=len)
    for words in (one.split() for one in ANYWHERE)
)
_SUSPECT = (
    *(head.encode() for head in _HEADS),
    *(f'{one}"'.encode() for one in LAST),
    *(b"srp_", b'"answer"', b'"salt"'),
)
_ESCAPE = re.compile(r"\\{1,8}u([0-9a-fA-F]{4})")
_DECODINGS = 3


def is_secret(name: str) -> bool:
    """True if a property of this name holds a secret."""
    return _remembered(name) if len(name) <= _LONGEST_REMEMBERED else _judged(name)


def is_secret_parameter(name: str) -> bool:
    """True if a header, a parameter of a query or a field of a form with this name holds a secret."""
    return is_secret(name) or _squashed(_plain(name)).removeprefix("x") in PARAMETERS


def secret_names(names: Collection[str]) -> set[str]:
    """Those of the names in one record that hold secrets: a `code` does beside a `grant_type` or the like, a `Session`
    beside a `ChallengeName`."""
    redeems = ("code",) if any(name in names for name in OAUTH) else ()
    secret = OF_SIGN_IN if any(name in names for name in SIGN_IN) else redeems
    return {name for name in names if is_secret(name) or (secret and _squashed(_plain(name)) in secret)}


def may_name_secrets(body: bytes) -> bool:
    """False if no property of a body of JSON has the name of a secret in an ordinary spelling; it is told quickly."""
    lowered = body.lower()
    return any(text in lowered for text in _SUSPECT)


def _judged(name: str) -> bool:
    plain = _plain(name)
    squashed, words = _squashed(plain), [word.lower() for word in _WORDS.findall(plain)]
    if squashed in _HARMLESS or (words and words[0] in HARMLESS_FIRST):
        return False
    ends = [telling.end() for telling in _ANYWHERE.finditer(squashed)]
    if ends and not _HARMLESS_AFTER.match(squashed, ends[-1]):
        return True
    return _ends_in_secret(words)


_remembered = lru_cache(maxsize=4096)(_judged)


def _ends_in_secret(words: list[str]) -> bool:
    telling = words[:-1] if len(words) > 1 and words[-1] in ("code", "value") else words
    return bool(telling) and telling[-1].removesuffix("s") in {one.removesuffix("s") for one in LAST}


def _squashed(plain: str) -> str:
    return _NO_LETTER.sub("", plain).lower()


def _plain(name: str) -> str:
    """The name without percent-encoding and JSON escapes, however often it was encoded."""
    for _ in range(_DECODINGS):
        decoded = unquote_plus(_ESCAPE.sub(lambda found: chr(int(found[1], 16)), name))
        if decoded == name:
            break
        name = decoded
    return name
