"""Sessions as files that somebody else can play or look at."""
