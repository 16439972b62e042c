"""The control API under `/__mockportal`: worlds, state, journal, clock and tokens, as JSON over Starlette."""
