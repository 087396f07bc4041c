"""Reads what is in progress for how long, and how long such things take: no more of the flow."""

from datetime import date
from functools import cache

from sqlalchemy import Connection, Row, Select, bindparam, select

from telemetry.metrics.flow import ONE_DAY, Percentiles, percentiles
from telemetry.report.alerts.watched import WatchedIssue
from telemetry.report.flow import LYING_SHOWN, oldest, read_passages
from telemetry.report.teams.team import StoredTeam
from telemetry.store import schema as s


def read_lasting(
    connection: Connection, team: StoredTeam, first: date, last: date
) -> tuple[tuple[WatchedIssue, ...], Percentiles | None]:
    """The oldest items in progress, and what those done from the first day to the last took.

    As the flow of these days tells it.
    """
    as_of = team.as_of
    if as_of is None:
        return (), None
    calendar = team.rules.calendar
    every = read_passages(connection, team, calendar.day_start(first))
    end = calendar.day_end(last)
    took = percentiles(p.cycle_days for p in every if p.done_at is not None and p.done_at < end)
    ages = {
        one.issue_id: (as_of - one.started_at) / ONE_DAY
        for one in oldest(p for p in every if p.done_at is None)
        if one.started_at is not None
    }
    shown = dict(list(ages.items())[:LYING_SHOWN])
    keys = dict(_keys(connection, team, list(shown)))
    lasting = tuple(
        WatchedIssue(number, keys[number], team.issue_url(keys[number]), age)
        for number, age in shown.items()
    )
    return lasting, took


def _keys(connection: Connection, team: StoredTeam, ids: list[int]) -> list[Row[int, str]]:
    if not ids:
        return []
    given = {"site": team.rules.site, "ids": ids}
    return list(connection.execute(_select_keys(), given).all())


@cache
def _select_keys() -> Select[int, str]:
    c = s.issues.c
    return select(c.id, c.key).where(
        c.site == bindparam("site"), c.id.in_(bindparam("ids", expanding=True))
    )
