"""The page for a screen on the wall."""
