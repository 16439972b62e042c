"""The pages of a portal: their blocks and widgets, and who sees which of them."""
