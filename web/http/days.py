"""The days that an address asks for."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Query
from fastapi.exceptions import RequestValidationError


def bad(parameter: str, why: str, value: object) -> RequestValidationError:
    """The error that names a query parameter and what is wrong with it."""
    return RequestValidationError(
        [{"type": "value_error", "loc": ("query", parameter), "msg": why, "input": value}]
    )


USUAL = timedelta(days=89)  # ninety days where none is given


LONGEST = timedelta(days=3660)


EARLIEST, LATEST = date(1990, 1, 1), date(2199, 12, 31)


From = Annotated[
    date | None, Query(alias="from", description="First day; default: 89 days before `to`")
]


To = Annotated[date | None, Query(description="Last day, included; default: the day of `as_of`")]


Type = Annotated[
    str, Query(alias="type", max_length=255, description="One issue type; default: all")
]


def chosen_days(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """The first and last day asked for, or ninety days up to today.

    Raises RequestValidationError where they make no sense.
    """
    end = last or min(max(today, first or today), LATEST)
    start = first or max(end - USUAL, EARLIEST)
    for name, value in (("to", end), ("from", start)):
        if not EARLIEST <= value <= LATEST:
            raise bad(name, f"is not from {EARLIEST} to {LATEST}", str(value))
    if start > end:
        raise bad("from", f"is after `to` ({end})", str(start))
    if end - start > LONGEST:
        raise bad("from", "is more than ten years before `to`", str(start))
    return start, end


def last_known_day(as_of: datetime | None, now: datetime, zone: ZoneInfo) -> date:
    """The team's day of `as_of`, or today before the first pull."""
    return (as_of or now).astimezone(UTC).astimezone(zone).date()
