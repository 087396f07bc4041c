"""The shapes that reports share. Units are in the names; None is unknown, never 0."""
