"""Entities as a caller may see, address and change them; every area builds on this."""
