"""Connections: what a client may send, how long it may take, and what becomes of requests when the server stops."""
