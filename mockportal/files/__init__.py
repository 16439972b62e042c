"""How the files of this project and of its users are read: strict YAML, held to a schema, each mistake with its line."""
