"""Days as text; the year is said where it is another than today's."""

from datetime import date, datetime

from telemetry.words.numbers import UNKNOWN

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def day(value: date | None, today: date) -> str:
    """A day as `Wed 6 May`, of another year than today's as `Tue 6 May 2025`."""
    return UNKNOWN if value is None else f"{_DAYS[value.weekday()]} {short_day(value, today)}"


def short_day(value: date, today: date) -> str:
    """A day as `6 May`, of another year than today's as `6 May 2025`."""
    text = f"{value.day} {_MONTHS[value.month - 1]}"
    return text if value.year == today.year else f"{text} {value.year}"


def period(first: date, last: date) -> str:
    """Two days with their year, `Wed 22 Apr – Tue 12 May 2026`, one day once."""
    until = f"{day(last, last)} {last.year}"
    return until if first == last else f"{day(first, last)} – {until}"


def minute(local: datetime) -> str:
    """The minute of a local time, `15:04`."""
    return f"{local.hour:02}:{local.minute:02}"
