"""Values that keep the constraints of a schema without any inner schemas: texts and numbers."""
