"""The commands that save pages as files."""
