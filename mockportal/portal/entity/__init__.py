"""What every area shares: entities as a caller may see, address and change them."""
