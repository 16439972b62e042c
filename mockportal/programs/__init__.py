"""Exchanges of a journal as programs: shell, Python and JavaScript that send the same request again."""
