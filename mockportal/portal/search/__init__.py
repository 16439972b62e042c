"""Searches over entities: filters, full text, saved filters, grouping and the view of a result."""
