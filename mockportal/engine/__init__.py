"""The pipeline that answers a request: pure, synchronous, one exchange for each request."""
