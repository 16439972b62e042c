"""Turns OpenAPI documents of every style into one form, and its additions to JSON Schema into JSON Schema."""
