"""The bot: pulls Jira into the store, on a schedule."""
