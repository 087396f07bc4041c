"""Pages of a list that is read as a whole: the cursor is the place where the next one starts."""

from collections.abc import Sequence
from typing import Annotated, TypeVar

from fastapi import Query

from web.http.days import bad

Item = TypeVar("Item")
Limit = Annotated[int, Query(ge=1, le=1000, description="How many items at most")]
Cursor = Annotated[str | None, Query(max_length=64, description="`next_cursor` of the page before")]


def page(items: Sequence[Item], limit: int, cursor: str | None) -> tuple[list[Item], str | None]:
    """The items from the cursor on, and the next cursor or None.

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
