"""`contract` and `drift`: the commands that judge targets, and the comparison of documents."""
