"""Reading of files: strict YAML, held to a schema, each mistake with its line."""
