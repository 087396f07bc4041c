"""When a digest was due last: in the team's zone, whatever its clocks do; pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from telemetry.settings.digesting import At

WEEK = 7
SECOND = timedelta(seconds=1)


def last_due(at: At, zone: ZoneInfo, now: datetime) -> datetime:
    """The last instant, up to now, at which something is due at this hour."""
    today = now.astimezone(zone).date()
    days = (today - timedelta(days=back) for back in range(2 * WEEK + 1))
    fitting = (day for day in days if at.weekday is None or day.weekday() == at.weekday)
    return next(due for due in (instant(day, at.clock, zone) for day in fitting) if due <= now)


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """When a local day's clocks show a time: the first of two; the next instant after a gap."""
    local = datetime.combine(day, clock, zone)
    found = local.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return found
    early, late = local.replace(fold=1).astimezone(UTC), found
    before = early.astimezone(zone).utcoffset()
    while late - early > SECOND:
        middle = early + (late - early) // 2
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)
