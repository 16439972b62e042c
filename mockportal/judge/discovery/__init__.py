"""The first look at an unknown deployment: its answers, and the names and ids in them."""
