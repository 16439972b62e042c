"""What would close a drift, as YAML to paste."""
