"""An issue that is in progress for longer than nearly all took."""

from telemetry.alerts.readings import Answer, Reading, Subject, Unable, always
from telemetry.report.alerts.watched import WatchedTeam
from telemetry.settings.alerting import AlertSettings
from telemetry.words.alerts import issues as words


def look(team: WatchedTeam, _entry: AlertSettings) -> Answer:
    """The days since it was first in progress, against the cycle times of the last half year."""
    limit = team.cycle_days
    if limit is None:
        return Unable("Fewer than five items were done in the last half year.")
    return tuple(
        Reading(
            subject=Subject("issue", str(one.id), one.key),
            value=one.age_days,
            threshold=limit,
            is_true=one.age_days > limit,
            say=always(words.work_ageing(one, limit)),
            issue_ids=(one.id,),
        )
        for one in team.in_progress
    )
