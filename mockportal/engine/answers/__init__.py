"""The ways to an answer: what gives one, its audit, and the answers that a world remembers."""
