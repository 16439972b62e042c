"""Checks of lists: filters, order, pages and groups."""
