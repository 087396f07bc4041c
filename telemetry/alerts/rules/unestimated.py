"""A sprint with open issues that nobody estimated."""

from functools import partial

from telemetry.alerts.readings import Answer, Reading
from telemetry.alerts.rules.running import KANBAN, subject_of, with_figures
from telemetry.report.alerts.watched import WatchedTeam
from telemetry.settings.alerting import AlertSettings
from telemetry.words.alerts import sprints as words

MOST = 2


def look(team: WatchedTeam, entry: AlertSettings) -> Answer:
    """How many there are."""
    if not team.has_sprints:
        return KANBAN
    needed = int(entry.threshold("for_working_days"))
    return tuple(
        Reading(
            subject=subject_of(sprint),
            value=figures.unestimated_count,
            threshold=MOST,
            is_true=figures.unestimated_count > MOST,
            say=partial(words.unestimated, figures.unestimated_count),
            needed_ends=needed,
            is_of_now=True,
        )
        for sprint, figures in with_figures(team)
    )
