"""Rules at work: which of them apply to a call, and what they make of its answer."""
