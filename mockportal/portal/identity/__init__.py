"""People before and after they sign in: who they are, their passwords, and the mails they get."""
