"""The commands of `mockportal`, one module each: it adds its flags to a parser, and runs with what was given."""
