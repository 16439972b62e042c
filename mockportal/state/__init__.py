"""What a world remembers: records, drafts, ids, clock, and the scenario they start from."""
