"""Previews: files as a browser shows them, and the neighbour that hands them out."""
