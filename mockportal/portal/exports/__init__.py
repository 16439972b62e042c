"""Exports: the entities of a user as a CSV file."""
