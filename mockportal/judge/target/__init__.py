"""The deployment under test: what is known of it, and what a run may do to it."""
