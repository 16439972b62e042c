"""The parts that all journeys share: the state machine, and the walk through one world."""
