"""A sprint."""
