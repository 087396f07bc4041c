"""An impediment that is open for longer than nearly all of the past year were."""

from telemetry.alerts.readings import Answer, Reading, Subject, Unable, always
from telemetry.metrics.flow import percentiles
from telemetry.report.alerts.watched import WatchedTeam
from telemetry.settings.alerting import AlertSettings
from telemetry.words.alerts import issues as words


def look(team: WatchedTeam, entry: AlertSettings) -> Answer:
    """The working days since it was opened, against those that closing took."""
    if team.impediments_unknown is not None:
        return Unable(team.impediments_unknown)
    known = percentiles(float(days) for days in team.closing_days)
    if known is None:
        return Unable("Fewer than five impediments were closed in the past year.")
    usual = known.days_85
    limit = max(usual, entry.threshold("threshold_days"))
    return tuple(
        Reading(
            subject=Subject("impediment", str(one.id), one.key),
            value=one.age_days,
            threshold=limit,
            is_true=one.age_days > limit,
            say=always(words.impediment_open(one, usual)),
            issue_ids=(one.id,),
            is_of_now=one.is_in_sprint,
        )
        for one in team.open_impediments
    )
