"""The endpoints that write what a world has been through: as a scenario to play again."""
