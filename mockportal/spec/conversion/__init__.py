"""What OpenAPI says beyond JSON Schema, put into its words: directions of properties, and discriminators."""
