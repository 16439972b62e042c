"""Notifications: the messages of a portal to one user, read by that user alone."""
