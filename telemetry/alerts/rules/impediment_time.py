"""Impediments that take more than twice the usual, and more than a fifth of all time."""

from telemetry.alerts.readings import Answer, Reading, Unable, always
from telemetry.alerts.rules.running import KANBAN
from telemetry.alerts.rules.week import costly, last_week, subject_of
from telemetry.report.alerts.watched import WatchedTeam
from telemetry.settings.alerting import AlertSettings
from telemetry.words.alerts import time as words

NO_SPRINT_CLOSED = Unable("No sprint is closed yet, so nothing is known to be usual.")
LEAST_SHARE = 20  # percent of all time
LEAST_USUAL = 3600.0  # seconds: of a team that usually loses less, this is taken for usual


def look(team: WatchedTeam, entry: AlertSettings) -> Answer:
    """The impediment time of the last five working days, in percent of the usual."""
    if team.impediments_unknown is not None:
        return Unable(team.impediments_unknown)
    found = last_week(team)
    if team.usual_week_seconds is None:
        return NO_SPRINT_CLOSED if team.has_sprints else KANBAN
    if found is None:
        return Unable("Fewer than five working days are known.")
    since, time = found
    limit = entry.threshold("threshold_percent")
    value = 100 * (time.impediment_seconds or 0) / max(team.usual_week_seconds, LEAST_USUAL)
    is_much = (time.impediment_share_percent or 0) > LEAST_SHARE
    named = costly(team)
    said = words.impediment_time(time, team.usual_week_seconds, since, team.today, named)
    return (
        Reading(
            subject=subject_of(team),
            value=value,
            threshold=limit,
            is_true=value > limit and is_much,
            say=always(said),
            issue_ids=tuple(one.id for one in named),
        ),
    )
