"""Checks of writes: what is kept of them, what they must not touch, and what happens if they come again."""
