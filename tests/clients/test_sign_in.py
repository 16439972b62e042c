"""The clients that frontends sign in with, unchanged but for the address of the pool."""

from pathlib import Path

import pytest

from mockportal import srp
from tests.clients.test_customer_portal import played
from tests.test_cli import served

# The world's clock stands months away from the machine's, or ticks with it: the clients do not mind.
CLOCKS = pytest.mark.parametrize("clock", [(), ("--clock", "now")], ids=["frozen", "now"])


@CLOCKS
def test_amplify_does_everything_about_a_sign_in(
    node_folder: Path, tmp_path: Path, clock: tuple[str, ...]
) -> None:
    with served(tmp_path, *clock) as (url, _):
        seen = played("sign_in_amplify.mjs", url, node_folder)

    assert seen == {
        "wrong": "NotAuthorizedException",
        "unconfirmed": "CONFIRM_SIGN_UP",
        "unknown": "NotAuthorizedException",
        "entered": "DONE",
        "portal": 200,
        "refreshed": [True, True],
        "attributes": ["anna.berger@example.org", "Anni"],
        "wrongOld": "NotAuthorizedException",
        "signedOut": 401,
        "oldPassword": "NotAuthorizedException",
        "newPassword": "DONE",
        "reset": "CONFIRM_RESET_PASSWORD_WITH_CODE",
        "wrongCode": "CodeMismatchException",
        "resetPassword": "DONE",
        "beforeGlobal": 200,
        "afterGlobal": 401,
        "custom": "CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE",
        "impersonator": "dev-admin",
        "chosen": "CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION",
        "password": "CONFIRM_SIGN_IN_WITH_PASSWORD",
        "finished": "DONE",
    }


@CLOCKS
def test_identity_js_does_everything_about_a_sign_in(
    node_folder: Path, tmp_path: Path, clock: tuple[str, ...]
) -> None:
    with served(tmp_path, *clock) as (url, _):
        seen = played("sign_in_identity_js.mjs", url, node_folder)

    assert seen == {
        "wrong": "NotAuthorizedException",
        "unconfirmed": "UserNotConfirmedException",
        "unknown": "NotAuthorizedException",
        "valid": True,
        "portal": 200,
        "refreshed": True,
        "updated": "SUCCESS",
        "attributes": ["anna.berger@example.org", "Anni"],
        "wrongOld": "NotAuthorizedException",
        "changed": "SUCCESS",
        "oldPassword": "NotAuthorizedException",
        "newPassword": True,
        "forgot": "a***@e***",
        "wrongCode": "CodeMismatchException",
        "reset": "SUCCESS",
        "beforeGlobal": 200,
        "globalSignOut": "SUCCESS",
        "afterGlobal": 401,
        "custom": "challenge",
        "impersonator": "dev-admin",
    }


def test_identity_js_computes_the_numbers_of_the_server(node_folder: Path) -> None:
    salt, private, ephemeral = 0x8F6A1DAD94D7B82C5E3031D21A251B0F, 2**255 + 9, 2**254 + 7
    verifier = srp.GROUP.verifier(srp.password_secret("MockEcp01", "anna", "Grüße!2026", salt))
    client, server = srp.GROUP.verifier(private), srp.GROUP.public(srp.MULTIPLIER, verifier, ephemeral)
    scrambler = srp.scrambler(client, server)
    key = srp.session_key(srp.GROUP.shared(client, verifier, scrambler, ephemeral), scrambler)
    numbers = [0, 1, 0x7F, 0x80, 0xFF, 0x100, 0x8000, srp.PRIME]
    given = {
        "pool": "MockEcp01", "user": "anna", "password": "Grüße!2026", "salt": f"{salt:x}",
        "private": f"{private:x}", "server": f"{server:x}", "numbers": [f"{one:x}" for one in numbers],
    }  # fmt: skip

    theirs = played("srp_identity_js.mjs", "", node_folder, given)

    assert theirs == {
        "multiplier": f"{srp.MULTIPLIER:x}",
        "client": f"{client:x}",
        "scrambler": f"{scrambler:x}",
        "key": key.hex(),
        "padded": [srp.signed_bytes(one).hex() for one in numbers],
    }
