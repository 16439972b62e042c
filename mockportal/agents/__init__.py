"""Tools for agents over the Model Context Protocol: worlds of their own, and everything that explains what happened."""
