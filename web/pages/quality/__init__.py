"""What Jira's data contradict."""
