"""A day on which impediments took more than on nearly all of the last sixty: an event."""

from telemetry.alerts.readings import Answer, Reading, Subject, Unable, always
from telemetry.alerts.rules.week import costly
from telemetry.report.alerts.watched import WatchedTeam
from telemetry.settings.alerting import AlertSettings
from telemetry.words.alerts import time as words

LOOKED_AT = 60
MAY_BE_WORSE = 2


def look(team: WatchedTeam, _entry: AlertSettings) -> Answer:
    """The last whole working day, against those before it."""
    if team.impediments_unknown is not None:
        return Unable(team.impediments_unknown)
    rows = team.working_rows
    if len(rows) <= LOOKED_AT:
        return Unable("Fewer than 60 working days are known.")
    *before, last = rows[-LOOKED_AT - 1 :]
    seconds = last.time.impediment_seconds or 0
    others = sorted((row.time.impediment_seconds or 0 for row in before), reverse=True)
    limit = others[MAY_BE_WORSE]
    if not seconds or seconds <= limit:
        return ()
    named = costly(team)
    said = words.peak_day(last.start_on, seconds, LOOKED_AT, team.today, named)
    return (
        Reading(
            subject=Subject("team", last.start_on.isoformat(), ""),
            value=seconds / 3600,
            threshold=limit / 3600,
            is_true=True,
            say=always(said),
            issue_ids=tuple(one.id for one in named),
            is_event=True,
        ),
    )
