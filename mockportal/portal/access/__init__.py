"""The ways into a portal: admission, registration, confirmation, sign-in and partners."""
