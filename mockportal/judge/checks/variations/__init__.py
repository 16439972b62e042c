"""Checks by variation: a valid request is changed in one place."""
