"""The Secure Remote Password protocol (SRP-6a) as Cognito user pools speak it: the numbers of both sides.

The group is the 3072-bit one of RFC 5054, the hash is SHA-256. A number is hashed as the shortest two's complement of a
positive number, so one whose first bit is set gets a zero byte in front: the prime has 385 bytes. The session key is
derived with HKDF (RFC 5869); only its first 16 bytes are used.
"""

import hashlib
import hmac
from typing import NamedTuple

# RFC 5054, appendix A, the group of 3072 bits
PRIME = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B"
    "302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE6"
    "49286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D"
    "670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
    "3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7D"
    "B3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
LONGEST = 2 * 385  # hexadecimal digits of a number modulo the prime, with its sign byte

_INFO = b"Caldera Derived Key\x01"
_KEY_BYTES = 16


class Group(NamedTuple):
    """The numbers that both sides compute with."""

    prime: int = PRIME
    generator: int = 2

    def verifier(self, secret: int) -> int:
        """`v`, with which the server checks a password without knowing `x`."""
        return pow(self.generator, secret, self.prime)

    def public(self, multiplier: int, verifier: int, ephemeral: int) -> int:
        """`B`, the server's public number."""
        return (multiplier * verifier + pow(self.generator, ephemeral, self.prime)) % self.prime

    def shared(self, client: int, verifier: int, scrambler: int, ephemeral: int) -> int:
        """`S`, which only a client with the password computes as well; `client` is its public number `A`."""
        return pow(client * pow(verifier, scrambler, self.prime), ephemeral, self.prime)


GROUP = Group()


def signed_bytes(number: int) -> bytes:
    """The shortest big-endian two's complement of a number that is not negative."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def scrambler(client: int, server: int) -> int:
    """`u`, the hash of both public numbers. A client has to give up if it is 0."""
    return _hashed(signed_bytes(client), signed_bytes(server))


def password_secret(pool_name: str, user_id: str, password: str, salt: int) -> int:
    """`x`, the secret number of a password."""
    identity = hashlib.sha256(f"{pool_name}{user_id}:{password}".encode()).digest()
    return _hashed(signed_bytes(salt), identity)


def session_key(shared: int, scrambling: int) -> bytes:
    """The key that both sides derive from `S` and `u`."""
    extracted = hmac.digest(signed_bytes(scrambling), signed_bytes(shared), hashlib.sha256)
    return hmac.digest(extracted, _INFO, hashlib.sha256)[:_KEY_BYTES]


def claim_signature(key: bytes, pool_name: str, user_id: str, secret_block: bytes, timestamp: str) -> bytes:
    """The proof that somebody knows the key, over the challenge and the time of the client."""
    message = f"{pool_name}{user_id}".encode() + secret_block + timestamp.encode()
    return hmac.digest(key, message, hashlib.sha256)


def _hashed(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest(), "big")


MULTIPLIER = _hashed(signed_bytes(GROUP.prime), signed_bytes(GROUP.generator))  # `k`, the hash of the group
