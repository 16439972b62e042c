"""Rules as data: what a scenario says of canned replies, delays and faults, and what is wrong with it."""
