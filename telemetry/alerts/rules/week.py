"""What the rules of a team's time share: the last whole working days, and the team as subject."""

from datetime import date

from telemetry.alerts.readings import Subject
from telemetry.metrics.figures import TimeSplit, summed
from telemetry.report.alerts.watched import WatchedIssue, WatchedTeam

DAYS = 5
NAMED = 2


def subject_of(team: WatchedTeam) -> Subject:
    """The team as an alert is about it: it stays one while weeks go by."""
    return Subject("team", "week", "")


def last_week(team: WatchedTeam) -> tuple[date, TimeSplit] | None:
    """The first of the last five whole working days, and all time since; None before five."""
    rows = team.working_rows[-DAYS:]
    if len(rows) < DAYS:
        return None
    first = rows[0].start_on
    return first, summed(row.time for row in team.days if row.start_on >= first)  # days off, too


def costly(team: WatchedTeam) -> tuple[WatchedIssue, ...]:
    """The open impediments that took most lately."""
    known = [one for one in team.open_impediments if one.seconds]
    return tuple(sorted(known, key=lambda one: (-one.seconds, one.id))[:NAMED])
