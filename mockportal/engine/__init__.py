"""How a request is answered: pure, synchronous, one exchange for each request."""
