"""The console: a web page over the control API, and the endpoints that such a page needs."""
