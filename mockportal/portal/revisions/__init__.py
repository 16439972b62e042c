"""Revisions: whole states of a portal that are kept, and published one at a time."""
