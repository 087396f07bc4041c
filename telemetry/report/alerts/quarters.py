"""Reads the running quarter of a team as its alert rule looks at it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from telemetry.domain.quarter import quarter_of
from telemetry.domain.team import unit_of
from telemetry.metrics.epic_figures import EpicFigures
from telemetry.metrics.quarter import predictability, term_of
from telemetry.metrics.roadmap_forecast import NO_DATES, Dates
from telemetry.metrics.roadmap_forecast import from_stored as outlook_from_stored
from telemetry.metrics.standing import exact_sum
from telemetry.metrics.standing import from_stored as standing_from_stored
from telemetry.report.alerts.watched import WatchedIssue, WatchedQuarter
from telemetry.report.teams.team import StoredTeam
from telemetry.report.velocity import read_pace, read_velocity
from telemetry.store import schema as s
from telemetry.store.forecasts import QUARTER
from telemetry.store.upsert import chunks

WITHIN = 5  # working days in which a chance may fall
NAMED = 2  # epics
LEVEL = 1  # the place of the day with 85 %


def read_quarter(
    connection: Connection, team: StoredTeam, pace: Callable[[], float | None], now: datetime
) -> WatchedQuarter | None:
    """The quarter that runs; None where no estimated work is of it. `pace` is the velocity."""
    rules, calendar = team.rules, team.rules.calendar
    today = calendar.day_of(now)
    term = term_of(quarter_of(today, calendar.fiscal_year_start), calendar)
    name = str(term.quarter)
    given = {"team_key": rules.key, "site": rules.site, "quarter": name}
    row = connection.execute(_select_standing(), given).first()
    if row is None:
        return None
    epics = standing_from_stored(*row).epics
    total = exact_sum(one.total_points for one in epics)
    if not total:
        return None
    remaining = max(0.0, total - exact_sum(one.done_points for one in epics))
    velocity = pace()
    known = predictability(term, remaining, velocity, today)
    chance, dates = _said(connection, team, name)
    furthest = sorted(epics, key=lambda one: (-one.remaining_points, one.issue_id))[:NAMED]
    return WatchedQuarter(
        name=name,
        last_on=term.last,
        unit=unit_of(rules),
        remaining_points=remaining,
        working_days_left=known.working_days_left,
        days_to_complete=known.days_to_complete,
        late_days=None if known.days is None else -known.days,
        velocity_points_per_day=velocity,
        chance_percent=chance,
        chance_before_percent=_before(connection, team, name, today),
        likely_on=dates[LEVEL],
        furthest=_named(connection, team, furthest),
        furthest_points=exact_sum(one.remaining_points for one in furthest),
    )


@cache
def _select_standing() -> Select[Any]:
    """Made once: building the statement costs more than asking it."""
    f = s.quarter_facts.c
    return select(f.epics, f.left_programs, f.before_points, f.end_points).where(
        f.team_key == bindparam("team_key"),
        f.site == bindparam("site"),
        f.quarter == bindparam("quarter"),
    )


def read_running(connection: Connection, team: StoredTeam, now: datetime) -> WatchedQuarter | None:
    """The same, by the team's own velocity."""

    def pace() -> float | None:
        return read_pace(connection, team, read_velocity(connection, team)[1])

    return read_quarter(connection, team, pace, now)


def _said(connection: Connection, team: StoredTeam, quarter: str) -> tuple[float | None, Dates]:
    c = s.quarter_outlooks.c
    said = connection.scalar(
        select(c.said).where(
            c.team_key == team.rules.key, c.site == team.rules.site, c.quarter == quarter
        )
    )
    if said is None:
        return None, NO_DATES
    outlook = outlook_from_stored(said)
    return outlook.probability_percent, outlook.dates


def _before(connection: Connection, team: StoredTeam, quarter: str, today: date) -> float | None:
    """The highest chance that was told in the last working days."""
    c = s.forecasts.c
    rows = connection.execute(
        select(c.said).where(
            c.team_key == team.rules.key,
            c.kind == QUARTER,
            c.subject == quarter,
            c.day >= days_back(team, today),
            c.day < today,
        )
    )
    chances = (row.said.get("probability") for row in rows)
    return max((one for one in chances if one is not None), default=None)


def days_back(team: StoredTeam, today: date) -> date:
    """The first of the last working days in which a fall counts."""
    calendar, day = team.rules.calendar, today
    left = WITHIN
    while left and today - day < timedelta(days=4 * WITHIN):
        day -= timedelta(days=1)
        left -= calendar.is_working_day(day)
    return day


def _named(
    connection: Connection, team: StoredTeam, epics: Iterable[EpicFigures]
) -> tuple[WatchedIssue, ...]:
    open_: Sequence[int] = [one.issue_id for one in epics if one.remaining_points > 0]
    i = s.issues.c
    keys: dict[int, str] = {}
    for ids in chunks(open_):
        query = select(i.id, i.key).where(i.site == team.rules.site, i.id.in_(ids))
        keys |= {row.id: row.key for row in connection.execute(query)}
    return tuple(
        WatchedIssue(issue_id, keys[issue_id], team.issue_url(keys[issue_id]), 0.0)
        for issue_id in open_
        if issue_id in keys
    )
