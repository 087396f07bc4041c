"""The words of the field as types: issues, changes, work logs, sprints, teams, days."""
