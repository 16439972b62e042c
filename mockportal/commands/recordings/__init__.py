"""Commands that write a session of a world, and play one again elsewhere."""
