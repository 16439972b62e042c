"""Compares the answers of two targets."""
