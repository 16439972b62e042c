"""An offline, stateful twin of the epilot Portal API."""

__version__ = "0.1.0"
