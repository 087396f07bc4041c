"""Figures and dates as text, for pages, charts and sentences.

Words are English; the decimal sign is the reader's (`web/http/viewer.py`), and thousands are
set apart by a space, which every language understands.
"""

from collections.abc import Sequence
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

ON_THE_LINE = 0.5  # points: nearer than this nobody is ahead or behind

NARROW = "\u202f"  # narrow no-break space, before % and h
MINUS = "\u2212"
UNKNOWN = "–"
POINT = "."
DECIMAL: ContextVar[str] = ContextVar("decimal_sign", default=POINT)  # of who reads the answer
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def number(value: float | None, digits: int = 1) -> str:
    """The value with at most `digits` decimals, a true minus and thousands set apart."""
    return _number(value, digits, DECIMAL.get())


@lru_cache(8192)
def _number(value: float | None, digits: int, decimal: str) -> str:
    if value is None:
        return UNKNOWN
    rounded = round(value, digits)
    text = (
        f"{abs(rounded):,.{digits}f}".rstrip("0").rstrip(".") if digits else f"{abs(rounded):,.0f}"
    )
    return (MINUS if rounded < 0 else "") + text.replace(",", NARROW).replace(POINT, decimal)


def signed(value: float | None) -> str:
    """The value with + or a true minus; 0 has no sign."""
    if value is None:
        return UNKNOWN
    text = number(value)
    return text if text.startswith(MINUS) or text == "0" else "+" + text


def percent(value: float | None) -> str:
    """A share of 100 without decimals, `63 %`."""
    return UNKNOWN if value is None else f"{number(value, 0)}{NARROW}%"


def hours_number(seconds: float | None) -> str:
    """Seconds as hours: one decimal below 100 hours, so that parts and sums agree, none above."""
    if seconds is None:
        return UNKNOWN
    hours = seconds / 3600
    return number(hours, 1 if abs(hours) < 100 else 0)


def hours(seconds: float | None) -> str:
    """Seconds as hours with their unit, `11.5 h`."""
    return UNKNOWN if seconds is None else f"{hours_number(seconds)}{NARROW}h"


def plural(count: float, one: str, many: str | None = None) -> str:
    """The noun that goes with the count: `1 point`, `1.5 points`, `0 points`."""
    return one if count == 1 else (many or one + "s")


def counted(count: float, one: str, many: str | None = None) -> str:
    """The count and its noun."""
    return f"{number(count)} {plural(count, one, many)}"


def day(value: date | None, today: date) -> str:
    """A day as `Wed 6 May`, of another year than today's as `Tue 6 May 2025`."""
    return UNKNOWN if value is None else f"{_DAYS[value.weekday()]} {short_day(value, today)}"


def short_day(value: date, today: date) -> str:
    """A day as `6 May`, of another year than today's as `6 May 2025`."""
    text = f"{value.day} {_MONTHS[value.month - 1]}"
    return text if value.year == today.year else f"{text} {value.year}"


def day_of(at: datetime | None, zone: ZoneInfo, today: date) -> str:
    """The team's local day of an instant, as `day` says it."""
    return UNKNOWN if at is None else day(at.astimezone(zone).date(), today)


def period(first: date, last: date) -> str:
    """Two days with their year, `Wed 22 Apr – Tue 12 May 2026`: what a page is about."""
    return f"{day(first, last)} – {day(last, last)} {last.year}"


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
    local = at.astimezone(zone)
    return f"{local.hour:02}:{local.minute:02}"


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
