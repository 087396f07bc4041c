"""What the rules of a sprint share: which sprints they look at, and how these are called."""

from collections.abc import Iterator

from telemetry.alerts.readings import Subject, Unable
from telemetry.metrics.figures import SprintFigures
from telemetry.report.alerts.watched import WatchedSprint, WatchedTeam

KANBAN = Unable("The team’s board has no sprints.")


def subject_of(sprint: WatchedSprint) -> Subject:
    """The sprint as an alert is about it."""
    return Subject("sprint", str(sprint.summary.id), sprint.summary.name)


def with_figures(team: WatchedTeam) -> Iterator[tuple[WatchedSprint, SprintFigures]]:
    """The running sprints that have figures."""
    for sprint in team.running:
        if sprint.summary.figures is not None:
            yield sprint, sprint.summary.figures
