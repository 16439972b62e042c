"""The contract of an API: the document, its overlay, compiled operations and validators."""
