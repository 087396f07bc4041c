"""Records of what was known of teams' weeks when these were over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from telemetry.store import schema as s


@dataclass(frozen=True, slots=True)
class StoredWeek:
    """A frozen week: `taken_at` is Jira's clock at the pull that wrote it."""

    week: str
    taken_at: datetime
    record: Mapping[str, Any]


def read_newest_weeks(connection: Connection, site: str) -> dict[str, str]:
    """By team the newest week that is kept."""
    t = s.week_reviews.c
    query = select(t.team_key, func.max(t.week)).where(t.site == site).group_by(t.team_key)
    return {row[0]: row[1] for row in connection.execute(query)}


def write_weeks(
    connection: Connection, team_key: str, site: str, weeks: Sequence[StoredWeek]
) -> None:
    """Keep weeks; one that is there already stays as it is."""
    upsert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    rows = [
        {
            "team_key": team_key,
            "site": site,
            "week": one.week,
            "taken_at": one.taken_at,
            "record": one.record,
        }
        for one in weeks
    ]
    if rows:
        connection.execute(upsert(s.week_reviews).on_conflict_do_nothing(), rows)


def read_week(connection: Connection, team_key: str, site: str, week: str) -> StoredWeek | None:
    """The frozen record of a week, if there is one."""
    t = s.week_reviews.c
    row = connection.execute(
        select(t.week, t.taken_at, t.record).where(
            t.team_key == team_key, t.site == site, t.week == week
        )
    ).first()
    return None if row is None else StoredWeek(*row)


def read_kept_weeks(connection: Connection, team_key: str, site: str) -> dict[str, datetime]:
    """The weeks that are kept, and when each was written."""
    t = s.week_reviews.c
    rows = connection.execute(
        select(t.week, t.taken_at).where(t.team_key == team_key, t.site == site)
    )
    return {row.week: row.taken_at for row in rows}
