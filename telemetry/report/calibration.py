"""Reads what the projected dates of a team's closed sprints were worth."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, select

from telemetry.metrics.calibration import PastDates, Promise, calibration
from telemetry.report.shapes import SprintSummary
from telemetry.report.teams import StoredTeam
from telemetry.store import schema as s
from telemetry.store.schema import Instant

LOOKED_BACK = timedelta(days=365)


def calibrated(connection: Connection, team: StoredTeam, sprint: SprintSummary) -> SprintSummary:
    """A sprint that has projected dates with what such dates were worth; others as they are."""
    if sprint.projected_50_on is None or sprint.window_end_at is None:
        return sprint
    return replace(sprint, calibration=read_calibration(connection, team, sprint.window_end_at))


def read_calibration(
    connection: Connection, team: StoredTeam, until: datetime
) -> tuple[Promise, ...]:
    """Of the dates given in the sprints closed in the year before, how many held."""
    given = {
        "team_key": team.rules.key,
        "site": team.rules.site,
        "after": until - LOOKED_BACK,
        "until": until,
    }
    rows = connection.execute(_promises(), given)
    dates = (PastDates(tuple(row[:3]), row[3]) for row in rows)
    return calibration(dates, team.rules.calendar.day_of(until))


@cache
def _promises() -> Select[Any]:
    """The dates given in a team's sprints that closed in a time, and when all was done."""
    t, facts = s.sprint_forecasts, s.sprint_facts
    same = and_(
        facts.c.team_key == t.c.team_key,
        facts.c.site == t.c.site,
        facts.c.sprint_id == t.c.sprint_id,
    )
    return (
        select(t.c.on_50, t.c.on_85, t.c.on_95, t.c.finished_on)
        .join_from(t, facts, same)
        .where(
            t.c.team_key == bindparam("team_key"),
            t.c.site == bindparam("site"),
            facts.c.as_of > bindparam("after", type_=Instant),
            facts.c.as_of <= bindparam("until", type_=Instant),
        )
    )
