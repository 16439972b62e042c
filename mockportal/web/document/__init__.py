"""The OpenAPI document of the control API, from descriptions by room."""
