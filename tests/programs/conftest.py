"""The folder with the npm packages, as the tests of clients have it."""

from tests.clients.conftest import node_folder

__all__ = ["node_folder"]
