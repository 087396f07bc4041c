"""The days that an address asks for."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Query
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError


def bad(parameter: str, why: str, value: object) -> RequestValidationError:
    """The error that names a query parameter and what is wrong with it."""
    return RequestValidationError(
        [{"type": "value_error", "loc": ("query", parameter), "msg": why, "input": value}]
    )


USUAL = timedelta(days=89)  # ninety days where none is given


LONGEST = timedelta(days=3660)


EARLIEST, LATEST = date(1990, 1, 1), date(2199, 12, 31)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written(value: object) -> object:
    """A day as an address may have it; an error for what only looks like one."""
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise PydanticCustomError("day", "Input should be a valid date, such as 2026-03-04")
    return value


def _known(day: date) -> date:
    """A day that work may have happened on; an error for any other."""
    if not EARLIEST <= day <= LATEST:
        raise PydanticCustomError("day", "is not from 1990-01-01 to 2199-12-31")
    return day


Day = Annotated[
    date,
    BeforeValidator(_written),
    AfterValidator(_known),
    WithJsonSchema({"type": "string", "format": "date", "maxLength": 10}),
]

_INSTANT_SIGNS = 40  # 2026-05-08T15:00:00.000000+02:00 has 32


def _short(value: object) -> object:
    """An instant as short as one is written; an error for what is longer."""
    if isinstance(value, str) and len(value) > _INSTANT_SIGNS:
        raise PydanticCustomError("instant", "is no instant such as 2026-05-08T15:00:00Z")
    return value


Instant = Annotated[
    datetime,
    BeforeValidator(_short),
    WithJsonSchema({"type": "string", "format": "date-time", "maxLength": _INSTANT_SIGNS}),
]


From = Annotated[
    Day | None, Query(alias="from", description="First day; default: 89 days before `to`")
]


To = Annotated[Day | None, Query(description="Last day, included; default: the day of `as_of`")]


Type = Annotated[
    str, Query(alias="type", max_length=255, description="One issue type; default: all")
]


def chosen_days(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """The first and last day asked for, or ninety days up to today.

    Raises RequestValidationError where they make no sense.
    """
    end = last or min(max(today, first or today), LATEST)
    start = first or max(end - USUAL, EARLIEST)
    if start > end:
        raise bad("from", f"is after `to` ({end})", str(start))
    if end - start > LONGEST:
        raise bad("from", "is more than ten years before `to`", str(start))
    return start, end


def known_days(first: date | None, last: date | None, known_on: date) -> tuple[date, date] | None:
    """The days asked for, None where none is; the first of them is to be known of.

    Raises RequestValidationError where they make no sense.
    """
    if first is None and last is None:
        return None
    if first is not None and first > known_on:
        raise bad("from", f"is after {known_on}, the last day that is known", str(first))
    return chosen_days(first, last, known_on)


def last_known_day(as_of: datetime | None, now: datetime, zone: ZoneInfo) -> date:
    """The team's day of `as_of`, or today before the first pull."""
    return (as_of or now).astimezone(UTC).astimezone(zone).date()
