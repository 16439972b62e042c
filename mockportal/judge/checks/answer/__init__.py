"""Checks of a single answer, whoever asked for it."""
