"""How files are read: strict YAML, held to a schema, each mistake with its line."""
