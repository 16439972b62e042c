"""Help for those who write scenarios: a starter, a token, the schema for editors, and the page of all collections."""
