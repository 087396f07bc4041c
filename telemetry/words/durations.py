"""How long something lasts or lasted, as people say it."""

from datetime import timedelta

from telemetry.words.numbers import NARROW, POINT, number, plural

_UNITS = (("day", 86_400.0, 2.0), ("hour", 3_600.0, 1.5), ("minute", 60.0, 1.5))


def duration(given: timedelta) -> str:
    """The length in the largest unit of which it holds more than one: `331 days`, `90 minutes`."""
    seconds = abs(given.total_seconds())
    for name, length, least in _UNITS:
        count = round(seconds / length)
        if seconds >= least * length:
            return f"{number(count, 0)} {plural(count, name)}"
    count = round(seconds)
    return f"{count} {plural(count, 'second')}" if count else "less than a second"


def took(given: timedelta, decimal: str = POINT) -> str:
    """How long work took: seconds with a decimal below a minute, else as people say it."""
    seconds = given.total_seconds()
    return f"{number(seconds, 1, decimal)}{NARROW}s" if seconds < 60 else duration(given)
