"""The file store behind the Portal API: uploads, downloads, and the contents of the documents of a scenario."""
