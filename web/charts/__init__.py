"""Chart figures as plain dicts with role names for colours; pure."""
