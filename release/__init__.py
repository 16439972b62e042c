"""Artefacts of a release: how they are built, what may be in them, and how they are tried."""
