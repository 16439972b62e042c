"""Hostile input for everything that reads: connections, operations, services, the control API, and files."""
