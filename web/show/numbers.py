"""Figures and dates as text, for pages, charts and sentences.

Words are English; the decimal sign is the reader's (`web/http/viewer.py`), and thousands are
set apart by a space, which every language understands.
"""

from collections.abc import Sequence
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from telemetry.words import numbers as words
from telemetry.words.days import day, minute, short_day
from telemetry.words.numbers import NARROW, POINT, UNKNOWN, plural

DECIMAL: ContextVar[str] = ContextVar("decimal_sign", default=POINT)  # of who reads the answer


def number(value: float | None, digits: int = 1) -> str:
    """The value with at most `digits` decimals, a true minus and thousands set apart."""
    return words.number(value, digits, DECIMAL.get())


def signed(value: float | None) -> str:
    """The value with + or a true minus; 0 has no sign."""
    return words.signed(number(value))


def percent(value: float | None) -> str:
    """A share of 100 without decimals, `63 %`."""
    return UNKNOWN if value is None else f"{number(value, 0)}{NARROW}%"


def hours_number(seconds: float | None) -> str:
    """Seconds as hours: one decimal below 100 hours, so that parts and sums agree, none above."""
    if seconds is None:
        return UNKNOWN
    hours = seconds / 3600
    return number(hours, words.hours_digits(hours))


def hours(seconds: float | None) -> str:
    """Seconds as hours with their unit, `11.5 h`."""
    return UNKNOWN if seconds is None else f"{hours_number(seconds)}{NARROW}h"


def counted(count: float, one: str, many: str | None = None) -> str:
    """The count and its noun."""
    return f"{number(count)} {plural(count, one, many)}"


def day_of(at: datetime | None, zone: ZoneInfo, today: date) -> str:
    """The team's local day of an instant, as `day` says it."""
    return UNKNOWN if at is None else day(at.astimezone(zone).date(), today)


def short_period(first: date, last: date, today: date) -> str:
    """Two days without weekdays, `22 Apr – 12 May`, `1 – 21 Apr` or `22 Dec – 4 Jan 2027`."""
    until = short_day(last, today)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} – {until}"
    return f"{short_day(first, last if first.year == last.year else today)} – {until}"


def axis_days(days: Sequence[date], today: date, *, weekdays: bool = False) -> list[str]:
    """Days along an axis: the year is said where it is another than before, at first today's.

    It stands in place of the weekday: longer labels would have no room at the axis' ends.
    """
    texts, before = [], today
    for one in days:
        has_weekday = weekdays and one.year == before.year
        texts.append(day(one, one) if has_weekday else short_day(one, before))
        before = one
    return texts


def clock(at: datetime, zone: ZoneInfo) -> str:
    """The local time of an instant, `15:04`."""
    return minute(at.astimezone(zone))


def age(at: datetime, now: datetime) -> str:
    """How long ago an instant was, in its largest whole unit."""
    minutes = max(0, int((now - at).total_seconds() // 60))
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 48 * 60:
        return f"{minutes // 60}{NARROW}h ago"
    return f"{minutes // 1440} days ago"


def shares(parts: Sequence[float]) -> list[int] | None:
    """Whole percentages that add up to exactly 100, by largest remainder; None of nothing."""
    total = sum(parts)
    if total <= 0:
        return None
    exact = [100 * part / total for part in parts]
    whole = [int(value) for value in exact]
    by_remainder = sorted(range(len(parts)), key=lambda n: (whole[n] - exact[n], n))
    for n in by_remainder[: 100 - sum(whole)]:
        whole[n] += 1
    return whole
