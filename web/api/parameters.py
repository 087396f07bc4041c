"""What the API's addresses have in common: team, sprint, days, and pages of a list."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

from fastapi import Path, Query

from telemetry.errors import NotFound
from web.http.days import EARLIEST, LONGEST, Day, bad
from web.http.site import Site

USUAL = timedelta(days=27)  # four weeks where no day is given

Item = TypeVar("Item")
SprintId = Annotated[str, Path(description="The sprint's id, or `current`", max_length=20)]
From = Annotated[
    Day | None, Query(alias="from", description="First day; default: 27 days before `to`")
]
To = Annotated[Day | None, Query(description="Last day, included; default: today")]
Limit = Annotated[int, Query(ge=1, le=1000, description="How many items at most")]
Cursor = Annotated[
    str | None,
    Query(
        max_length=64,
        description="`next_cursor` of the page before",
        json_schema_extra={"pattern": "^[0-9]{1,9}$"},
    ),
]


def sprint_key(given: str) -> int | str:
    """`current` or the id; raises NotFound for what cannot be one."""
    if given == "current":
        return given
    if given.isascii() and given.isdigit() and int(given) < 2**63:
        return int(given)
    raise NotFound(f"there is no sprint {given!r}: give an id, or 'current'")


def window(
    site: Site, team: str, first: date | None, last: date | None, now: datetime
) -> tuple[date, date]:
    """The first and last day asked for, or four weeks up to the team's today.

    Raises RequestValidationError where they make no sense, NotFound where there is no such team.
    """
    zone = ZoneInfo(site.reports.team(team, now).timezone)
    end = last or now.astimezone(zone).date()
    start = first or max(end - USUAL, EARLIEST)
    if start > end:
        raise bad("from", f"is after `to` ({end})", str(start))
    if end - start > LONGEST:
        raise bad("from", "is more than ten years before `to`", str(start))
    return start, end


def page(items: Sequence[Item], limit: int, cursor: str | None) -> tuple[list[Item], str | None]:
    """The items from the cursor on, and the next cursor or None: the place of the next page.

    Raises RequestValidationError for a cursor that no answer gave.
    """
    first = place(cursor)
    end = first + limit
    return list(items[first:end]), str(end) if end < len(items) else None


def place(cursor: str | None) -> int:
    """The place that a cursor names, 0 for none."""
    if cursor is None:
        return 0
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 9:
        raise bad("cursor", "is not a next_cursor of an earlier answer", cursor)
    return int(cursor)
