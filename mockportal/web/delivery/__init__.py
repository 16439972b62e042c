"""An answer on its way to the client: after a wait, in pieces, or broken."""
