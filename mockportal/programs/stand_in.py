"""The static tokens for development: those that may be shown, stand in for minted ones, or belong to an alias."""

from mockportal.engine.api import Api
from mockportal.engine.signing import verified_claims
from mockportal.state.scenario import Scenario

DEVELOPMENT = "dev-"  # static tokens of this name are no secrets


def token_named(who: str, scenario: Scenario) -> str:
    """The token that somebody is named by: a static one, the one for development of an alias, or a minted one itself;
    "" for an alias without one."""
    static = next((name for name in (who, f"{DEVELOPMENT}{who}") if name in scenario.tokens), "")
    return static or (who if who.count(".") == 2 else "")


def development_token(token: str, scenario: Scenario, api: Api) -> str:
    """The token itself if it is one for development, one of the same person and class if it is minted, else ""."""
    if token.startswith(DEVELOPMENT) and token in scenario.tokens:
        return token
    claims = verified_claims(token) if token.count(".") == 2 else None
    if claims is None:
        return ""
    holder = api.caller_of(claims, token)
    same = (
        name
        for name, static in scenario.tokens.items()
        if name.startswith(DEVELOPMENT)
        and (static.kind, static.subject) == (holder.kind, holder.subject)
        and static.rights in ("", holder.rights)
    )
    return next(same, "")
