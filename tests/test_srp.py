"""SRP against published vectors: of RFC 5054, of the npm package `cognito-srp`, and against `pycognito` as it computes.

RFC 5054 hashes with SHA-1 in a group of 1024 bits, which Cognito does not; its numbers prove the arithmetic.
"""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycognito import aws_srp  # type: ignore[import-untyped]

from mockportal import srp
from mockportal.srp import GROUP, MULTIPLIER, PRIME, Group


def number(text: str) -> int:
    return int("".join(text.split()), 16)


RFC = Group(
    number(
        """EEAF0AB9 ADB38DD6 9C33F80A FA8FC5E8 60726187 75FF3C0B 9EA2314C 9C256576 D674DF74 96EA81D3 383B4813
        D692C6E0 E0D5D8E2 50B98BE4 8E495C1D 6089DAD1 5DC7D7B4 6154D6B6 CE8EF4AD 69B15D49 82559B29 7BCF1885
        C529F566 660E57EC 68EDBC3C 05726CC0 2FD4CBF4 976EAA9A FD5138FE 8376435B 9FC61D2F C0EB06E3"""
    )
)
K = number("7556AA04 5AEF2CDD 07ABAF0F 665C3E81 8913186F")
X = number("94B7555A ABE9127C C58CCF49 93DB6CF8 4D16C124")
V = number(
    """7E273DE8 696FFC4F 4E337D05 B4B375BE B0DDE156 9E8FA00A 9886D812 9BADA1F1 822223CA 1A605B53 0E379BA4 729FDC59
    F105B478 7E5186F5 C671085A 1447B52A 48CF1970 B4FB6F84 00BBF4CE BFBB1681 52E08AB5 EA53D15C 1AFF87B2 B9DA6E04
    E058AD51 CC72BFC9 033B564E 26480D78 E955A5E2 9E7AB245 DB2BE315 E2099AFB"""
)
CLIENT = number(
    """61D5E490 F6F1B795 47B0704C 436F523D D0E560F0 C64115BB 72557EC4 4352E890 3211C046 92272D8B 2D1A5358 A2CF1B6E
    0BFCF99F 921530EC 8E393561 79EAE45E 42BA92AE ACED8251 71E1E8B9 AF6D9C03 E1327F44 BE087EF0 6530E69F 66615261
    EEF54073 CA11CF58 58F0EDFD FE15EFEA B349EF5D 76988A36 72FAC47B 0769447B"""
)
SERVER = number(
    """BD0C6151 2C692C0C B6D041FA 01BB152D 4916A1E7 7AF46AE1 05393011 BAF38964 DC46A067 0DD125B9 5A981652 236F99D9
    B681CBF8 7837EC99 6C6DA044 53728610 D0C6DDB5 8B318885 D7D82C7F 8DEB75CE 7BD4FBAA 37089E6F 9C6059F3 88838E7A
    00030B33 1EB76840 910440B1 B27AAEAE EB4012B7 D7665238 A8E3FB00 4B117B58"""
)
EPHEMERAL = number("E487CB59 D31AC550 471E81F0 0F6928E0 1DDA08E9 74A004F4 9E61F5D1 05284D20")
SCRAMBLER = number("CE38B959 3487DA98 554ED47D 70A7AE5F 462EF019")
SHARED = number(
    """B0DC82BA BCF30674 AE450C02 87745E79 90A3381F 63B387AA F271A10D 233861E3 59B48220 F7C4693C 9AE12B0A 6F67809F
    0876E2D0 13800D6C 41BB59B6 D5979B5C 00A172B4 A2A5903A 0BDCAF8A 709585EB 2AFAFA8F 3499B200 210DCC1F 10EB3394
    3CD67FC8 8A2F39A4 BE5BEC4E C0A3212D C346D7E4 74B29EDE 8A469FFE CA686E5A"""
)

# The session of a client in the tests of the npm package `cognito-srp`.
POOL, USER, WORD = "7DZy4Fkn7", "testuser", "pass123"
SALT = 0xFC5F4D0BB754777037C53C901E87E0E6
PRIVATE = 0xD46F8E8A20F68A052514B35C48C34B9DB61F13CF5ADB17F095BEED2CD442B5FC
ANSWERED = number(
    """a26849a9bd11c967bb135740e6f419ff8a140c750581aca26487eedb91e3a9b906406f9347d41a3e6544a0db8b0da8c9ccd043fd
    ae2f32706533b7dc2b680952032df81a0fb03147cd2627563b38eb84c12e6732838ca851502287f7889ec37d1b7fe7eceac79a05
    88c44bedd2b99672b1dee2e5edfa467a24daf8094c0af856b12964957d5bd964845245dead9cba3886d81ffc0e4a2710c27ff05e
    c62c5b911d35b1f2093621fa669453319dba0b37cab2d32b0be91ffd82d01b7606fd64d83fee27c938cfac1e02de18f64e056875
    856e0d895cd5754dab0127c2b771080473d05acd9502587bc4e6d38be3bf6a777ab09ea5e82a6d02025c288646016034b5eae716
    cb0e63d5ccc3088b2080665bb108e638cdbbc33cc18848abc221a6ce67104b8492be7b3e873ffe1954c6fcf5b86169a46debbe5b
    db428d3b907f261d1c119f29c876b810a64b7d14f7dcdc84ef9d3deb065b64baf53416672091d98013952269b03e3f9a3fce393c
    d6cf13417963e08096746388f60cd5c0b2686704"""
)


def test_verifier_is_that_of_rfc_5054() -> None:
    assert RFC.verifier(X) == V


def test_public_number_of_the_server_is_that_of_rfc_5054() -> None:
    assert RFC.public(K, V, EPHEMERAL) == SERVER


def test_shared_secret_is_that_of_rfc_5054() -> None:
    assert RFC.shared(CLIENT, V, SCRAMBLER, EPHEMERAL) == SHARED


def test_prime_is_the_one_that_rfc_3526_derives_from_pi() -> None:
    digits = pi_times(2**2942)

    assert 2**3072 - 2**3008 - 1 + 2**64 * (digits + 1690314) == PRIME
    assert len(srp.signed_bytes(PRIME)) == 385


def pi_times(factor: int) -> int:
    """The whole part of pi times `factor`, by Machin's formula."""

    def arctan_of_inverse(x: int, unit: int) -> int:
        term, total, n = unit // x, 0, 1
        while term:
            total += term // n if n % 4 == 1 else -(term // n)
            term, n = term // (x * x), n + 2
        return total

    unit = factor * 2**64
    return 4 * (4 * arctan_of_inverse(5, unit) - arctan_of_inverse(239, unit)) // 2**64


def test_session_of_a_client_is_that_of_the_package_cognito_srp() -> None:
    secret = srp.password_secret(POOL, USER, WORD, SALT)
    scrambler = srp.scrambler(GROUP.verifier(PRIVATE), ANSWERED)

    base = ANSWERED - MULTIPLIER * GROUP.verifier(secret)
    shared = pow(base, PRIVATE + scrambler * secret, PRIME)

    assert f"{scrambler:x}" == "21366f4e4f3c2aa4942fc9c06dce61fc92659e876d97232f37e22ba4b1c4709e"
    assert f"{shared:x}"[:16] == "f6fe1c250cfdc4e4"
    assert srp.session_key(shared, scrambler).hex() == "81bea5ea37891c30ee91334d166776ad"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, "00"), (1, "01"), (127, "7f"), (128, "0080"), (255, "00ff"), (256, "0100"), (2**15, "008000")],
)
def test_number_is_hashed_as_the_shortest_twos_complement(value: int, expected: str) -> None:
    assert srp.signed_bytes(value).hex() == expected


def test_key_derivation_is_the_one_of_rfc_5869_over_sixteen_bytes() -> None:
    # by hand: HMAC(HMAC(salt, secret), "Caldera Derived Key" 01), both numbers as signed bytes
    assert srp.session_key(0x80, 1) == derived(b"\x00\x80", b"\x01")


def derived(secret: bytes, salt: bytes) -> bytes:
    def mac(key: bytes, text: bytes) -> bytes:
        padded = key.ljust(64, b"\x00")
        inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded) + text).digest()
        return hashlib.sha256(bytes(byte ^ 0x5C for byte in padded) + inner).digest()

    return mac(mac(salt, secret), b"Caldera Derived Key\x01")[:16]


@settings(max_examples=20, deadline=None)
@given(
    st.text(min_size=1, max_size=20, alphabet=st.characters(exclude_categories=["Cs"])),
    st.integers(min_value=1, max_value=2**128 - 1),
    st.integers(min_value=2**200, max_value=2**256),
)
def test_client_of_pycognito_derives_the_key_of_the_server(password: str, salt: int, ephemeral: int) -> None:
    theirs = aws_srp.AWSSRP(
        username="anna", password=password, pool_id=f"eu-central-1_{POOL}", client_id="c", client=object()
    )
    verifier = GROUP.verifier(srp.password_secret(POOL, "anna", password, salt))
    server = GROUP.public(MULTIPLIER, verifier, ephemeral)
    scrambler = srp.scrambler(theirs.large_a_value, server)

    key = srp.session_key(GROUP.shared(theirs.large_a_value, verifier, scrambler, ephemeral), scrambler)

    # a salt is sent as hexadecimal digits, with a zero in front of one that would count as negative
    sent = srp.signed_bytes(salt).hex()
    assert theirs.get_password_authentication_key("anna", password, server, sent) == key
