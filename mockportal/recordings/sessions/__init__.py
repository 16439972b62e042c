"""The session of a world as a scenario that plays it again."""
