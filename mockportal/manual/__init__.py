"""The manual that the package brings along: its pages, found by topic, and written as HTML."""
