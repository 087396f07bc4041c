"""Public holidays of the demo teams' countries, and local working hours as instants.

Small on purpose: it decides when the demo's people rest, and is no reference.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_fixed: dict[str, tuple[tuple[int, int], ...]] = {
    "FR": ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)),
    "DE": ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26)),
    "GB": ((1, 1), (12, 25), (12, 26)),
    "CA": ((1, 1), (7, 1), (12, 25)),
    "PL": ((1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26)),
    "IN": ((1, 26), (8, 15), (10, 2), (12, 25)),
}
_from_easter: dict[str, tuple[int, ...]] = {
    "FR": (1, 39, 50),
    "DE": (-2, 1, 39, 50),
    "GB": (-2, 1),
    "CA": (-2,),
    "PL": (1, 60),
    "IN": (-2,),
}


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Gauss)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=512)
def holidays(country: str, year: int) -> frozenset[date]:
    """The days of rest of a country in a year; none for a country not listed here."""
    fixed = {date(year, month, day) for month, day in _fixed.get(country, ())}
    moving = {easter(year) + timedelta(days=n) for n in _from_easter.get(country, ())}
    return frozenset(fixed | moving)


def is_working_day(country: str, day: date) -> bool:
    return day.weekday() < 5 and day not in holidays(country, day.year)


@lru_cache(maxsize=20000)
def local_instant(timezone: str, day: date, hour: float) -> int:
    """Epoch milliseconds of an hour of a local day (9.5 is half past nine)."""
    whole = time(int(hour), int(hour % 1 * 60))
    return int(datetime.combine(day, whole, ZoneInfo(timezone)).timestamp() * 1000)


def local_day(timezone: str, at: int) -> date:
    return datetime.fromtimestamp(at / 1000, ZoneInfo(timezone)).date()


def local_hour(timezone: str, at: int) -> float:
    local = datetime.fromtimestamp(at / 1000, ZoneInfo(timezone))
    return local.hour + local.minute / 60


def quarter_label(day: date) -> str:
    """`Q4-26` for a day of the last quarter of 2026."""
    return f"Q{(day.month + 2) // 3}-{day.year % 100:02d}"


def quarter_start(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def next_quarter(day: date) -> date:
    """The first day of the quarter after the one of `day`."""
    return quarter_start(quarter_start(day) + timedelta(days=95))
