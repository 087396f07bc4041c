"""Jira over HTTP, Cloud and Data Center behind one face: the first step of the data's way.

`bot.jira.client.connect` opens it; `bot.translate.fields` finds the fields; `bot.jira.jql` writes
queries. Only `transport` imports the `jira` package.
"""
