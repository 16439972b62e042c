"""The forms of a report that other tools read."""
