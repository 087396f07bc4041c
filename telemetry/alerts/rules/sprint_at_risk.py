"""A sprint that is unlikely to be done by its planned end."""

from functools import partial

from telemetry.alerts.readings import Answer, Reading, Unable
from telemetry.alerts.rules.running import KANBAN, subject_of, with_figures
from telemetry.report.alerts.watched import WatchedTeam
from telemetry.settings.alerting import AlertSettings
from telemetry.words.alerts import sprints as words

EARLIEST = 0.3  # of its working time must be gone


def look(team: WatchedTeam, entry: AlertSettings) -> Answer:
    """The chance that all is done by the planned end, once enough of the sprint is over."""
    if not team.has_sprints:
        return KANBAN
    running = list(with_figures(team))
    if running and all(sprint.outlook is None for sprint, _ in running):
        return Unable("Too few sprints are closed, or the running one has no planned end.")
    limit, needed = entry.threshold("threshold_percent"), entry.threshold("for_working_days")
    found = []
    for sprint, figures in running:
        if sprint.outlook is None or sprint.gone_share is None or not figures.total_points:
            continue
        chance = sprint.outlook.chance_percent
        say = partial(words.at_risk, sprint, chance, team.calendar, team.today)
        found.append(
            Reading(
                subject=subject_of(sprint),
                value=chance,
                threshold=limit,
                is_true=chance < limit and sprint.gone_share >= EARLIEST,
                say=say,
                needed_ends=int(needed),
                issue_ids=tuple(one.id for one in sprint.costly),
                is_low_bad=True,
                is_of_now=True,
            )
        )
    return tuple(found)
