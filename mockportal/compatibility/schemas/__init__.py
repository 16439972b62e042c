"""How two schemas are compared."""
