"""The memory of a world: records, drafts, ids, clock, and the scenario they start from."""
