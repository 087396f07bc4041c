"""Reads a team's quarter: what was promised for it, where that stands, what fits into the rest."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from telemetry.domain.quarter import Quarter, quarter_of
from telemetry.domain.team import unit_of
from telemetry.metrics.burnup import burnup
from telemetry.metrics.epic_figures import Epic
from telemetry.metrics.epics import has_spell
from telemetry.metrics.kind import Kind
from telemetry.metrics.quarter import (
    Share,
    Term,
    capacity_limit,
    predictability,
    security_coefficient,
    term_of,
)
from telemetry.metrics.roadmap import Roadmap, roadmap
from telemetry.metrics.standing import exact_sum
from telemetry.metrics.velocity import ClosedSprint, trend
from telemetry.metrics.what_if import Change
from telemetry.report.quarter.reading import quarters_known, read_forecast, read_rows
from telemetry.report.quarter.shapes import ChosenEpics, EpicRow, QuarterReport, QuarterWeek
from telemetry.report.quarter.what_if import Asked
from telemetry.report.teams.team import StoredTeam
from telemetry.report.velocity import read_pace, read_velocity
from telemetry.store import schema as s
from telemetry.store.epics import read_epics, read_labels

EMPTY = Roadmap((), 0.0, 0.0, 0.0, (), (), None, None)
LOST = (Kind.IMPEDIMENT.value, Kind.OFF_PLAN.value)


def read_quarter_report(
    connection: Connection,
    team: StoredTeam,
    quarter: Quarter | None,
    now: datetime,
    change: Change | None = None,
    chosen: Collection[str] = (),
) -> QuarterReport:
    """The team's quarter, by default the one that today lies in, and what a change makes of it.

    `chosen` are the keys of epics that are told apart from the others, too.
    """
    calendar = team.rules.calendar
    today = calendar.day_of(now)
    current = quarter_of(today, calendar.fiscal_year_start)
    term = term_of(quarter or current, calendar)
    labels = read_labels(connection, team.rules)
    of_quarter = {i: one for i, one in labels.items() if has_spell(one, term.quarter)}
    epics, found = list[Epic](), EMPTY
    if team.as_of is not None:
        epics = read_epics(connection, team.rules, of_quarter)
        found = roadmap(term, epics, team.as_of)
    shown, figures = read_velocity(connection, team)
    velocity = read_pace(connection, team, figures)
    seconds = _seconds(connection, team, term)
    lost, usually = _share(team, seconds), _share_of(figures.sprints)
    coefficient = security_coefficient(team.rules.security_coefficient, lost, usually)
    forecast = read_forecast(connection, team, term.quarter)
    asked = Asked(connection, team, term, forecast, today)
    usual = asked.usual(velocity, coefficient)
    rows = read_rows(connection, team, found.epics, asked.epics)
    return QuarterReport(
        quarter=term.quarter,
        unit=unit_of(team.rules),
        has_sprints=team.rules.has_sprints,
        first=term.first,
        last=term.last,
        today=today,
        current=current,
        as_of=team.as_of,
        calendar=calendar,
        roadmap=found,
        epics=rows,
        weeks=_weeks(connection, team, found),
        velocity=shown,
        velocity_points_per_day=velocity,
        predictability=predictability(term, found.remaining_points, velocity, today),
        capacity_limit_points=capacity_limit(velocity, term, coefficient),
        security_coefficient=coefficient,
        impediment_seconds=(
            None if team.impediments_unknown else seconds.get(Kind.IMPEDIMENT.value, 0)
        ),
        known=quarters_known(labels.values()),
        outlook=asked.outlook(trend(figures, calendar), (lost, usually)),
        worth=None if forecast is None else forecast.worth,
        usual=usual,
        what_if=asked.what_if(usual, change, found),
        impediments_unknown=team.impediments_unknown,
        chosen=_chosen(term, team, epics, [row for row in rows if row.key in chosen]),
    )


def _chosen(
    term: Term, team: StoredTeam, epics: Sequence[Epic], rows: Sequence[EpicRow]
) -> ChosenEpics | None:
    """These of the quarter's epics day by day; None where none is chosen."""
    if not rows or team.as_of is None:
        return None
    ids = {row.figures.issue_id for row in rows}
    days = burnup(term, [one for one in epics if one.issue_id in ids], team.as_of)
    return ChosenEpics(
        tuple(row.key for row in rows),
        tuple(days[1:]),
        days[0] if days else None,
        exact_sum(row.figures.total_points for row in rows),
        exact_sum(row.figures.done_points for row in rows),
    )


def _seconds(connection: Connection, team: StoredTeam, term: Term) -> dict[str, int]:
    """The quarter's logged time by kind, as far as it is known."""
    c = s.team_days.c
    rows = connection.execute(
        select(c.kind, func.sum(c.seconds))
        .where(c.team_key == team.rules.key, c.day >= term.first, c.day <= term.last)
        .group_by(c.kind)
    )
    return {kind: int(amount) for kind, amount in rows}


def _share(team: StoredTeam, seconds: dict[str, int]) -> Share:
    if team.impediments_unknown:
        return Share(0, 0)
    return Share(sum(seconds.get(kind, 0) for kind in LOST), sum(seconds.values()))


def _share_of(sprints: tuple[ClosedSprint, ...]) -> Share:
    """The share lost of all hours of the sprints behind the velocity."""
    lost = sum((one.impediment_seconds or 0) + one.off_plan_seconds for one in sprints)
    return Share(lost, lost + sum(one.planned_seconds for one in sprints))


def _weeks(connection: Connection, team: StoredTeam, found: Roadmap) -> tuple[QuarterWeek, ...]:
    if not found.weeks:
        return ()
    if team.impediments_unknown:
        return tuple(QuarterWeek(week, None, None) for week in found.weeks)
    rules, calendar = team.rules, team.rules.calendar
    first, last = found.weeks[0].starts_on, found.weeks[-1].ends_on
    day, span = s.team_days.c, s.impediments.c
    worked = connection.execute(
        select(day.day, func.sum(day.seconds))
        .where(day.team_key == rules.key, day.kind == Kind.IMPEDIMENT.value)
        .where(day.day >= first, day.day <= last)
        .group_by(day.day)
    )
    seconds = {on: int(amount) for on, amount in worked}
    start = calendar.day_start(first)
    until = min(calendar.day_end(last), (team.as_of or start) + timedelta(milliseconds=1))
    opened = connection.scalars(
        select(span.opened_at).where(
            span.team_key == rules.key,
            span.site == rules.site,
            span.opened_at >= start,
            span.opened_at < until,
        )
    )
    opened_on = [calendar.day_of(at) for at in opened]
    return tuple(
        QuarterWeek(
            week,
            sum(week.starts_on <= on <= week.ends_on for on in opened_on),
            sum(n for on, n in seconds.items() if week.starts_on <= on <= week.ends_on),
        )
        for week in found.weeks
    )
