"""The commands of `mockportal`, one module each: options in, an exit code out."""
