"""The way to Jira and back: one pace, retries, credentials, answers held against their shape."""
