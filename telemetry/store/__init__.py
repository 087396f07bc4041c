"""The store: history as it happened, facts computed from it, on SQLite or PostgreSQL."""
