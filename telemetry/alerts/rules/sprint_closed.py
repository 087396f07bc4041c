"""A sprint that was closed: an event."""

from telemetry.alerts.readings import Answer, Reading, always
from telemetry.alerts.rules.running import KANBAN, subject_of
from telemetry.report.alerts.watched import WatchedTeam
from telemetry.settings.alerting import AlertSettings
from telemetry.words.alerts import sprints as words


def look(team: WatchedTeam, _entry: AlertSettings) -> Answer:
    """The sprints that were closed in the last days."""
    if not team.has_sprints:
        return KANBAN
    found = []
    for sprint in team.closed:
        figures = sprint.summary.figures
        if figures is None:
            continue
        found.append(
            Reading(
                subject=subject_of(sprint),
                value=figures.completed_points,
                threshold=0,
                is_true=True,
                say=always(words.closed(figures)),
                is_event=True,
            )
        )
    return tuple(found)
