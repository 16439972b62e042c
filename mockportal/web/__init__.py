"""The only Starlette: the API over HTTP and the control API."""
