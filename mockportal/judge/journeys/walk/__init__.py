"""What all journeys share: the state machine, and how answers are compared with what must be there."""
