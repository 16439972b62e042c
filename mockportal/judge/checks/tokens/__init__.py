"""Checks of tokens: those that nobody should accept, and those that operations give out."""
