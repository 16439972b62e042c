"""A client of a user pool in this process: no server, no library; and the client's side of SRP."""

import base64
import hashlib
import hmac
import json
from typing import Any

from mockportal import srp
from mockportal.engine.call import Exchange, Request
from mockportal.engine.world import World
from mockportal.mock import Mock
from mockportal.values import Json, Record
from tests.support.changes import record_of

CUSTOMERS = "eu-central-1_MockEcp01"
CUSTOMERS_CLIENT = "mockecp0client000000000001"
INSTALLERS = "eu-central-1_MockIns01"
INSTALLERS_CLIENT = "mockins0client000000000001"
PASSWORD = "Musterau!2026"
ANNA = "anna.berger@example.org"
BASE = "http://127.0.0.1:8080"


class PoolClient:
    """Calls actions of a pool as its client."""

    def __init__(
        self, mock: Mock, world: World, pool_id: str = CUSTOMERS, client: str = CUSTOMERS_CLIENT
    ) -> None:
        self.mock = mock
        self.world = world
        self.pool_id = pool_id
        self.client = client

    def exchange(self, target: str, content: bytes, method: str = "POST", rest: str = "") -> Exchange:
        """The whole exchange of a request to the pool."""
        headers = {"x-amz-target": target, "content-type": "application/x-amz-json-1.1"}
        path = f"/__services/cognito/{self.pool_id}{rest}"
        request = Request(method, path, headers=headers, body=content, base_url=BASE)
        return self.mock.engine.serve("cognito", request, self.world)

    def sent(self, action: str, **members: Json) -> Exchange:
        """The exchange of a call; it names the client unless it is told otherwise."""
        body = {"ClientId": self.client, **members}
        return self.exchange(f"AWSCognitoIdentityProviderService.{action}", json.dumps(body).encode())

    def call(self, action: str, **members: Json) -> Any:
        """The answer. Fails for a refusal."""
        reply = self.sent(action, **members).reply
        assert reply.status == 200, reply.body
        return reply.body

    def denied(self, action: str, **members: Json) -> str:
        """The name of the error. Fails for an answer that is none, or not in the form of Cognito."""
        reply = self.sent(action, **members).reply
        assert reply.status == 400, reply.body
        assert reply.body.keys() == {"__type", "message"}
        assert reply.headers["x-amzn-ErrorType"] == reply.body["__type"]
        return str(reply.body["__type"])

    def begun(self, flow: str, **parameters: str) -> Any:
        """The answer of InitiateAuth."""
        return self.call("InitiateAuth", AuthFlow=flow, AuthParameters=parameters)

    def answered(self, name: str, session: str = "", **answers: str) -> Any:
        """The answer of RespondToAuthChallenge."""
        return self.call("RespondToAuthChallenge", **self._answer(name, session, answers))

    def answer_denied(self, name: str, session: str = "", **answers: str) -> str:
        """The name of the error of RespondToAuthChallenge."""
        return self.denied("RespondToAuthChallenge", **self._answer(name, session, answers))

    def tokens(self, username: str = ANNA, password: str = PASSWORD) -> Record:
        """The tokens of a sign-in with a plain password."""
        answer = self.begun("USER_PASSWORD_AUTH", USERNAME=username, PASSWORD=password)
        return dict(answer["AuthenticationResult"])

    def code(self) -> str:
        """The code of the newest mail."""
        return str([*self.world.draft().collection("mail")][-1]["code"])

    def _answer(self, name: str, session: str, answers: dict[str, str]) -> Record:
        named = {"Session": session} if session else {}
        return {"ChallengeName": name, "ChallengeResponses": answers, **named}


class SrpClient:
    """The side of SRP that knows the password. `private` is its ephemeral number."""

    def __init__(self, private: int = 2**255 + 12345) -> None:
        self.private = private
        self.public = pow(2, private, srp.PRIME)

    def answers(
        self, challenge: Record, password: str = PASSWORD, pool_name: str = "MockEcp01", at: str = ""
    ) -> dict[str, str]:
        """The answers to a PASSWORD_VERIFIER challenge."""
        given = challenge["ChallengeParameters"]
        id, server = given["USER_ID_FOR_SRP"], int(given["SRP_B"], 16)
        scrambler = srp.scrambler(self.public, server)
        secret = srp.password_secret(pool_name, id, password, int(given["SALT"], 16))
        base = server - srp.MULTIPLIER * pow(2, secret, srp.PRIME)
        shared = pow(base, self.private + scrambler * secret, srp.PRIME)
        block = base64.b64decode(given["SECRET_BLOCK"], validate=True)
        timestamp = at or "Mon Jun 1 07:00:00 UTC 2026"
        key = srp.session_key(shared, scrambler)
        signature = srp.claim_signature(key, pool_name, id, block, timestamp)
        return {
            "USERNAME": id,
            "PASSWORD_CLAIM_SECRET_BLOCK": given["SECRET_BLOCK"],
            "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(signature).decode(),
            "TIMESTAMP": timestamp,
        }


def claims_of(token: str) -> Record:
    """The claims of a JWT, unchecked."""
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert isinstance(claims, dict)
    return claims


def secret_hash(secret: str, username: str, client: str = CUSTOMERS_CLIENT) -> str:
    """The proof of a client with a secret."""
    digest = hmac.digest(secret.encode(), f"{username}{client}".encode(), hashlib.sha256)
    return base64.b64encode(digest).decode()


def logins_of(world: World, alias: str) -> tuple[str | None, str | None]:
    """First and last login of a user."""
    user = record_of(world, f"portal_user/{alias}")
    return user.get("first_login"), user.get("last_login")
