"""A sprint that began: an event."""

from telemetry.alerts.readings import Answer, Reading, always
from telemetry.alerts.rules.running import KANBAN, subject_of, with_figures
from telemetry.report.alerts.watched import RECENT, WatchedTeam
from telemetry.settings.alerting import AlertSettings
from telemetry.words.alerts import sprints as words


def look(team: WatchedTeam, _entry: AlertSettings) -> Answer:
    """The sprints that began in the last days."""
    if not team.has_sprints:
        return KANBAN
    found = []
    for sprint, figures in with_figures(team):
        began = sprint.summary.started_at
        if began is None or team.now - began > RECENT:
            continue
        end = sprint.summary.planned_end_at
        said = words.started(
            figures,
            None if end is None else team.calendar.day_of(end),
            team.today,
            team.usual_completion_percent,
        )
        found.append(
            Reading(
                subject=subject_of(sprint),
                value=figures.committed_points,
                threshold=0,
                is_true=True,
                say=always(said),
                is_event=True,
            )
        )
    return tuple(found)
