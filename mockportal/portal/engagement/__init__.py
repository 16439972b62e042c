"""Engagement: the workflows of entities as a list of tasks, and the tasks that wait for the user."""
