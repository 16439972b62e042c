"""Words for what is wrong with a value."""
