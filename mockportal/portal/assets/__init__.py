"""Assets: the entities that users make themselves."""
