"""How work flows."""
