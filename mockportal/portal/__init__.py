"""What the Portal API does: one module for each area, functions marked with their operations."""
