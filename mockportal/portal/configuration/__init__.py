"""The set-up of a portal: its configuration, domains, e-mail templates, extensions and links."""
