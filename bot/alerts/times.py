"""When something may be told: outside the quiet hours, on the team's working days; pure."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from telemetry.domain.calendar import ONE_DAY, Calendar
from telemetry.settings.alerting import QuietHours

MORNING = time(8)
LOOKED_AHEAD = 400  # days: a calendar without working days must not silence the bot


def told_from(now: datetime, quiet: QuietHours | None, calendar: Calendar) -> datetime:
    """The first instant, from now on, at which messages may be sent."""
    at = now
    for _ in range(LOOKED_AHEAD):
        day = calendar.day_of(at)
        if not calendar.is_working_day(day):
            at = calendar.day_end(day)
        elif (end := _quiet_until(at, quiet, calendar)) is not None:
            at = end
        else:
            return at
    return now


def next_morning(now: datetime, quiet: QuietHours | None, calendar: Calendar) -> datetime:
    """The first instant of the next local day at which messages may be sent."""
    tomorrow = calendar.day_of(now) + ONE_DAY
    at = calendar.day_start(tomorrow)
    if quiet is None:
        at = _clock_times(calendar, tomorrow, MORNING)[0]
    return told_from(at, quiet, calendar)


def _quiet_until(at: datetime, quiet: QuietHours | None, calendar: Calendar) -> datetime | None:
    """When the quiet hours end in which an instant lies; None outside of them."""
    if quiet is None or quiet.start == quiet.end:
        return None
    clock = at.astimezone(ZoneInfo(calendar.timezone)).time()
    if quiet.start < quiet.end:
        is_quiet = quiet.start <= clock < quiet.end
    else:
        is_quiet = clock >= quiet.start or clock < quiet.end
    if not is_quiet:
        return None
    today = calendar.day_of(at)
    ends = [
        end for day in (today, today + ONE_DAY) for end in _clock_times(calendar, day, quiet.end)
    ]
    return min(end for end in ends if end > at)


def _clock_times(calendar: Calendar, day: date, clock: time) -> list[datetime]:
    """When a local day's clocks show a time: twice where they are set back.

    Where they skip it, it is the instant as long after the change.
    """
    local = datetime.combine(day, clock, ZoneInfo(calendar.timezone))
    return sorted({local.replace(fold=fold).astimezone(UTC) for fold in (0, 1)})
