"""The list of teams."""
