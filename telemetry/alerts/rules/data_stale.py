"""A site of which no complete pull ended for long."""

from datetime import datetime, timedelta

from telemetry.alerts.readings import Answer, Reading, Subject, always
from telemetry.report.alerts.watched import WatchedSite
from telemetry.settings.alerting import AlertSettings
from telemetry.words.alerts import pulls as words

PULLS_MISSED = 3


def look(
    site: WatchedSite,
    entry: AlertSettings,
    every: timedelta,
    now: datetime,
    began_at: datetime | None = None,
) -> Answer:
    """The time since the last complete pull of any of its teams.

    A bot that has just begun, at `began_at`, is given as long to end one.
    """
    if site.complete_at is None:
        return ()
    least = timedelta(hours=entry.threshold("threshold_hours"))
    limit = max(PULLS_MISSED * every, least)
    age = now - site.complete_at
    reason = next((one.error for one in site.teams if one.error), None)
    said = words.data_stale(age.total_seconds(), reason)
    return (
        Reading(
            subject=Subject("site", site.name, site.name),
            value=age / timedelta(hours=1),
            threshold=limit / timedelta(hours=1),
            is_true=age > limit and (began_at is None or now - began_at > limit),
            say=always(said),
            is_of_now=True,
        ),
    )
