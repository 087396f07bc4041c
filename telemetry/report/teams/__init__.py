"""One team and the list of all teams."""
