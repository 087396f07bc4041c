"""A sprint that is behind its ideal line by a share of all its points."""

from functools import partial

from telemetry.alerts.readings import Answer, Reading
from telemetry.alerts.rules.running import KANBAN, subject_of, with_figures
from telemetry.report.alerts.watched import WatchedSprint, WatchedTeam
from telemetry.settings.alerting import AlertSettings
from telemetry.words.alerts import sprints as words


def look(team: WatchedTeam, entry: AlertSettings) -> Answer:
    """Behind ÷ total points in scope, now and at the ends of the working days before."""
    if not team.has_sprints:
        return KANBAN
    limit, needed = entry.threshold("threshold_percent"), entry.threshold("for_working_days")
    found = []
    for sprint, figures in with_figures(team):
        if figures.behind_points is None or not figures.total_points:
            continue
        share = 100 * figures.behind_points / figures.total_points
        found.append(
            Reading(
                subject=subject_of(sprint),
                value=share,
                threshold=limit,
                is_true=share > limit,
                say=partial(words.behind, sprint, figures, team.calendar, team.today),
                held_ends=_held(team, sprint, limit),
                needed_ends=int(needed),
                issue_ids=tuple(one.id for one in sprint.costly),
                is_of_now=True,
            )
        )
    return tuple(found)


def _held(team: WatchedTeam, sprint: WatchedSprint, limit: float) -> int:
    """At how many of the last ends of working days it was behind by more than that."""
    count = 0
    for day in reversed(sprint.days):
        if day.day >= team.known_day or not team.calendar.is_working_day(day.day):
            continue
        if day.ideal_points is None or not day.scope_points:
            break
        if 100 * (day.remaining_points - day.ideal_points) / day.scope_points <= limit:
            break
        count += 1
    return count
