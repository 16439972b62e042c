"""The sessions in which tokens were issued."""

from mockportal.state.store import Draft
from mockportal.values import Record


def end_sessions(state: Draft, user: Record) -> None:
    """Ends every session of a user; the tokens issued in them are dead from now on."""
    for session in state.collection("session").where(portal_user_id=str(user["_id"])):
        state.collection("revocation").put({"family": session["family"], "at": state.timestamp()})
