"""Help for those who write scenarios: a starter, the schema for editors, and the page of all collections."""
