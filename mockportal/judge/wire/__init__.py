"""The way out: one gate for everything that is sent, and one connection to one pinned host."""
