"""The page of all teams and programs in a quarter."""
