"""Texts and bytes as JSON values, read by the schema that they have to fit."""
