"""How a portal is set up: its configuration, domains, e-mail templates, extensions and links."""
