"""The sprint to come."""
