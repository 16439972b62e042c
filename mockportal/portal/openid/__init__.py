"""Signing in on web pages: the OpenID provider behind single sign-on, managed login of a user pool, and the mailbox."""
