"""All of a team's sprints."""
