"""A sprint that grew beyond what was committed."""

from telemetry.alerts.readings import Answer, Reading, always
from telemetry.alerts.rules.running import KANBAN, subject_of, with_figures
from telemetry.metrics.figures import SprintFigures
from telemetry.report.alerts.watched import WatchedTeam
from telemetry.settings.alerting import AlertSettings
from telemetry.words.alerts import sprints as words


def look(team: WatchedTeam, entry: AlertSettings) -> Answer:
    """Added + re-estimated − removed, as a share of what was committed."""
    if not team.has_sprints:
        return KANBAN
    limit = entry.threshold("threshold_percent")
    found = []
    for sprint, figures in with_figures(team):
        if not figures.committed_points:
            continue
        share = 100 * _grown(figures) / figures.committed_points
        found.append(
            Reading(
                subject=subject_of(sprint),
                value=share,
                threshold=limit,
                is_true=share > limit,
                say=always(words.scope_grown(figures, share)),
                is_of_now=True,
            )
        )
    return tuple(found)


def _grown(figures: SprintFigures) -> float:
    return figures.added_points + figures.reestimated_points - figures.removed_points
