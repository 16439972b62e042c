"""Checks that compare the answers to several requests."""
