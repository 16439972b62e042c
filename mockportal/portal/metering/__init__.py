"""Meters: readings and their plausibility, measured series, prices, charts and photos."""
