"""The pulls."""
