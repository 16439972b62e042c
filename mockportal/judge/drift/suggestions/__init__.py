"""Suggests what would close a drift, as YAML to paste."""
