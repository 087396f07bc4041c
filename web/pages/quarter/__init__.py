"""The page of a team's quarter."""
