"""A team that logs its work, and suddenly logged none."""

from telemetry.alerts.readings import Answer, Reading, Unable, always
from telemetry.alerts.rules.week import subject_of
from telemetry.report.alerts.watched import WatchedTeam
from telemetry.settings.alerting import AlertSettings
from telemetry.words.alerts import time as words

BEFORE = 10
LEAST = 9  # of these days work was logged on


def look(team: WatchedTeam, entry: AlertSettings) -> Answer:
    """The last whole working days without work, of a team that logs some nearly daily."""
    needed = int(entry.threshold("for_working_days"))
    rows = team.working_rows
    silent = 0
    for row in reversed(rows):
        if row.time.all_seconds:
            break
        silent += 1
    before = rows[: len(rows) - silent][-BEFORE:]
    if len(before) < BEFORE or sum(bool(row.time.all_seconds) for row in before) < LEAST:
        return Unable("The team does not log its work on nearly all days.")
    since = rows[-silent].start_on if silent else team.today
    said = words.no_work_logged(silent, since, team.today)
    return (
        Reading(
            subject=subject_of(team),
            value=silent,
            threshold=needed,
            is_true=silent >= needed,
            say=always(said),
        ),
    )
