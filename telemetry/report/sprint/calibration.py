"""Reads what the projected dates of a team's closed sprints were worth."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Date,
    Select,
    and_,
    bindparam,
    case,
    func,
    select,
)

from telemetry.metrics.forecast import PERCENTILES, Promise
from telemetry.report.shapes import SprintSummary
from telemetry.report.teams.team import StoredTeam
from telemetry.store import schema as s
from telemetry.store.schema import Instant

LOOKED_BACK = timedelta(days=365)


def calibrated(connection: Connection, team: StoredTeam, sprint: SprintSummary) -> SprintSummary:
    """A sprint that has projected dates with what such dates were worth; others as they are."""
    figures = sprint.figures
    if figures is None or figures.projected_50_on is None:
        return sprint
    return replace(sprint, calibration=read_calibration(connection, team, figures.as_of))


def read_calibration(
    connection: Connection, team: StoredTeam, until: datetime
) -> tuple[Promise, ...]:
    """Of the dates given in the sprints closed in the year before, how many held."""
    given = {
        "team_key": team.rules.key,
        "site": team.rules.site,
        "after": until - LOOKED_BACK,
        "until": until,
        "today": team.rules.calendar.day_of(until),
    }
    row = connection.execute(_promises(), given).one()
    pairs = zip(row[::2], row[1::2], strict=True)
    return tuple(
        Promise(p, held, count) for p, (held, count) in zip(PERCENTILES, pairs, strict=True)
    )


@cache
def _promises() -> Select[*tuple[Any, ...]]:
    """For each chance, of the dates given in sprints that closed in a time: held, and passed."""
    t, facts = s.sprint_forecasts, s.sprint_facts
    today: BindParameter[date] = bindparam("today", type_=Date)
    counts: list[ColumnElement[int]] = []
    for percent in PERCENTILES:
        on = t.c[f"on_{percent}"]
        counts.append(func.count(case((and_(on < today, t.c.finished_on <= on), 1))))
        counts.append(func.count(case((on < today, 1))))
    closed = select(facts.c.sprint_id).where(
        facts.c.team_key == bindparam("team_key"),
        facts.c.site == bindparam("site"),
        facts.c.as_of > bindparam("after", type_=Instant),
        facts.c.as_of <= bindparam("until", type_=Instant),
    )
    return select(*counts).where(
        t.c.team_key == bindparam("team_key"),
        t.c.site == bindparam("site"),
        t.c.sprint_id.in_(closed),
    )
