"""Statuses whose category changed in the tracker: what is past counts by the one they have now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select

from telemetry.domain.models import Field, Status
from telemetry.store.pulls import read_cursor, write_cursor
from telemetry.store.schema import changes, issues

CURSOR = "recategorized"
TOLD_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Recategorized:
    """A status and the category that it had before, until it was seen with another one."""

    status_id: str
    before: str
    seen_at: datetime


def note_recategorized(
    connection: Connection,
    site: str,
    known: Mapping[str, Status],
    listed: Collection[Status],
    at: datetime,
) -> None:
    """Note which statuses have another category now, and forget those that have it back."""
    told = {one.status_id: one for one in read_recategorized(connection, site)}
    for status in listed:
        was = known.get(status.id)
        if was is not None and was.is_listed and was.category != status.category:
            before = told[status.id].before if status.id in told else was.category
            told[status.id] = Recategorized(status.id, before, at)
            if before == status.category:
                del told[status.id]
    value = [
        [one.status_id, one.before, one.seen_at.isoformat()]
        for one in told.values()
        if one.seen_at > at - TOLD_FOR
    ]
    if value != (read_cursor(connection, site, CURSOR) or []):
        write_cursor(connection, site, CURSOR, value)


def read_recategorized(connection: Connection, site: str) -> list[Recategorized]:
    """The statuses of the site whose category changed lately."""
    stored = read_cursor(connection, site, CURSOR) or []
    return [Recategorized(i, before, datetime.fromisoformat(at)) for i, before, at in stored]


def used_among(
    connection: Connection, site: str, project: str, status_ids: Collection[str]
) -> set[str]:
    """Those of the statuses in which issues of the project are or were."""
    ids, here = list(status_ids), (issues.c.site == site, issues.c.project_key == project)
    c = changes.c
    now = select(issues.c.status_id).where(*here, issues.c.status_id.in_(ids)).distinct()
    same = (c.site == issues.c.site) & (c.issue_id == issues.c.id)
    query = select(c.from_value, c.to_value).distinct().join_from(changes, issues, same)
    query = query.where(*here, c.field == Field.STATUS.value)
    query = query.where(or_(c.from_value.in_(ids), c.to_value.in_(ids)))
    then = {value for row in connection.execute(query) for value in row}
    return set(connection.scalars(now)) | (then & set(ids))
