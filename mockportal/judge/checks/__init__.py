"""The checks of the judge: of single answers, and of several requests together."""
