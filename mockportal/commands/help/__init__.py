"""Commands that help with the others, and what the help texts end with."""
