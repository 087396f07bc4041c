"""Work that is neither planned nor called an impediment."""

from telemetry.alerts.readings import Answer, Reading, Unable, always
from telemetry.alerts.rules.week import last_week, subject_of
from telemetry.report.alerts.watched import WatchedTeam
from telemetry.settings.alerting import AlertSettings
from telemetry.words.alerts import time as words


def look(team: WatchedTeam, entry: AlertSettings) -> Answer:
    """The share of off-plan work in the time of the last five working days."""
    if not team.has_sprints:
        return Unable("A team without sprints plans no work, so none is off-plan.")
    found = last_week(team)
    if found is None:
        return Unable("Fewer than five working days are known.")
    since, time = found
    share = 100 * time.off_plan_seconds / time.all_seconds if time.all_seconds else 0.0
    limit = entry.threshold("threshold_percent")
    said = words.off_plan_time(time, share, since, team.today)
    return (
        Reading(
            subject=subject_of(team),
            value=share,
            threshold=limit,
            is_true=share > limit,
            say=always(said),
        ),
    )
