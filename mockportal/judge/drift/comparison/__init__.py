"""How the answers of two targets are compared."""
