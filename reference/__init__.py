"""Pages of the manual that are written from the code; `scripts/reference` writes them."""
