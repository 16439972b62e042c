"""What the API promises: the document, its overlay, compiled operations and validators."""
