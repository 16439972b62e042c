"""The forms of a report that people read: a page, a summary of a pull request, a terminal."""
