"""Tables of roadmaps: a team's quarter, a program, all programs and teams of a quarter."""

from collections.abc import Iterable
from typing import Any, Final

from telemetry.export.tables import Column, Kind, Table, column, count, flag, table
from telemetry.metrics.roadmap_forecast import NO_DATES, EpicOutlook
from telemetry.metrics.standing import Amounts
from telemetry.report.quarter.shapes import (
    EpicRow,
    Portfolio,
    PortfolioProgram,
    PortfolioTeam,
    ProgramReport,
    QuarterReport,
)

JOINT: Final = " | "  # between values of one cell

_SUMS: Final = (
    column("total_points", "Points of all children."),
    column("in_progress_points", "Of them, in progress."),
    column("done_points", "Of them, done."),
    column("remaining_points", "All less those done."),
    column("progression_percent"),
)
_COUNTS: Final = (
    count("unestimated_count", "Children that are not done and have no estimate."),
    count("dependency_count", "Children labelled dependency."),
)
_FORECAST: Final = (
    column("probability_percent", "The chance that all is done by the quarter's end."),
    *(
        column(f"done_{chance}_on", f"The day by which all is done with {chance} percent.")
        for chance in (50, 85, 95)
    ),
)
_TEAM: Final = (
    column("team", "The team's key."),
    column("name", "The team's name."),
    column("unit", "What its points are: point, issue or hour."),
)
_EPIC: Final = (
    column("key", "The epic's key."),
    column("summary", "Its title."),
    column("url", "Its address in the tracker."),
    column("team", "The key of its team."),
    column("programs", "The programs of its labels."),
    column("status", "Its own status now."),
    *_SUMS[:4],
    column("done_percent", "Done points of all."),
    *_COUNTS,
    count("child_count", "Its children."),
    count("done_count", "Of them, done."),
    column("slipped_from", "The quarter before, where it was of that and not done at its end."),
    column("other_quarters", "Further quarters that it has a label of: it counts there, too."),
    *_FORECAST,
)
_WEEKS: Final = (
    column("starts_on", "The week's first day in the quarter."),
    column("ends_on", "A Sunday, or the quarter's last day."),
    column("progression_percent"),
    column("done_points", "Became done in it, less what was reopened or left."),
    column("scope_change_points", "What the scope grew or shrank by."),
    count("impediments_opened", "Impediments opened in it."),
    column("impediment_seconds", "Work logged on impediments in it."),
)
_DAYS: Final = (
    column("day", "A local day; points are at its end.", Kind.DAY),
    column("total_points", "Points of all children of the epics that had the label then."),
    column("done_points", "Of them, done."),
)
_PROGRAM: Final = (
    column("name", "All that follows Project_ in the label."),
    column("quarter", "The quarter."),
    count("team_count", "Teams with epics of it."),
    count("epic_count", "Its epics; one of two programs counts in both."),
    count("done_epic_count", "Of them, done."),
    *_SUMS,
    *_COUNTS,
    column("critical_team", "The key of the team whose date moves the program's."),
    *_FORECAST,
)
_TEAM_QUARTER: Final[tuple[Column, ...]] = (
    *_TEAM,
    column("quarter", "The quarter."),
    flag("is_stale", "Whether its data are older than they should be."),
    count("epic_count", "Its epics of the quarter."),
    count("done_epic_count", "Of them, done."),
    *_SUMS,
    *_COUNTS,
    column("velocity_points_per_day"),
    column("days_to_complete", kind=Kind.NUMBER),
    count("working_days_left", "Working days from today to the quarter's last day."),
    column("predictability_days", kind=Kind.NUMBER),
    column("scope_growth_percent", "By how much the scope grew since the quarter began."),
    column("total_points_at_end", "Points of a past quarter at its end.", Kind.NUMBER),
    column("done_points_at_end", "Of them, done then.", Kind.NUMBER),
    column("programs", "The programs of its epics."),
    *_FORECAST,
)


def of_quarter(found: QuarterReport) -> tuple[Table, ...]:
    """A team's quarter: its epics, weeks and burnup."""
    weeks = [
        (
            one.week.starts_on,
            one.week.ends_on,
            one.week.progression_percent,
            one.week.done_points,
            one.week.scope_change_points,
            one.impediments_opened,
            one.impediment_seconds,
        )
        for one in found.weeks
    ]
    return (
        _epics(found.epics),
        Table("weeks", _WEEKS, weeks),
        table("burnup", _DAYS, found.roadmap.burnup),
    )


def of_program(found: ProgramReport) -> tuple[Table, ...]:
    """A program's quarter: its epics, teams and burnup."""
    latest = found.critical
    columns = (*_TEAM, *_SUMS, *_COUNTS, *_FORECAST, flag("is_critical", "Its date is the latest."))
    teams = [
        (
            one.key,
            one.name,
            one.unit,
            *_values(_SUMS, one.amounts),
            *_values(_COUNTS, one.amounts),
            *_said(one.outlook),
            one is latest,
        )
        for one in found.teams
    ]
    return (
        _epics(found.epics),
        Table("teams", columns, teams),
        table("burnup", _DAYS, found.burnup),
    )


def _epics(rows: Iterable[EpicRow]) -> Table:
    return Table("epics", _EPIC, [_epic(row) for row in rows])


def _epic(row: EpicRow) -> tuple[Any, ...]:
    one = row.figures
    return (
        row.key,
        row.summary,
        row.url,
        row.team_key,
        JOINT.join(one.programs) or None,
        row.status,
        one.total_points,
        one.in_progress_points,
        one.done_points,
        one.remaining_points,
        one.done_percent,
        one.unestimated_count,
        one.dependency_count,
        one.child_count,
        one.done_count,
        one.slipped_from,
        JOINT.join(one.also_of) or None,
        *_said(row.outlook),
    )


def of_programs(found: Portfolio) -> Table:
    """One row a program of a quarter."""
    return Table("programs", _PROGRAM, [_program(found, one) for one in found.programs])


def _program(found: Portfolio, one: PortfolioProgram) -> tuple[Any, ...]:
    latest = one.critical
    return (
        one.name,
        str(found.quarter),
        len(one.teams),
        one.amounts.epic_count,
        one.amounts.done_count,
        *_values(_SUMS, one.amounts),
        *_values(_COUNTS, one.amounts),
        latest.key if latest else None,
        *_said(one.outlook),
    )


def of_portfolio(found: Portfolio) -> tuple[Table, ...]:
    """A quarter of all teams, and of all programs."""
    rows = [_team(found, one) for one in found.teams]
    return Table("teams", _TEAM_QUARTER, rows), of_programs(found)


def _team(found: Portfolio, one: PortfolioTeam) -> tuple[Any, ...]:
    known, end = one.predictability, one.at_end
    return (
        one.key,
        one.name,
        one.unit,
        str(found.quarter),
        one.freshness.is_stale,
        one.amounts.epic_count,
        one.amounts.done_count,
        *_values(_SUMS, one.amounts),
        *_values(_COUNTS, one.amounts),
        one.velocity_points_per_day,
        known.days_to_complete,
        known.working_days_left,
        known.days if one.state is not None else None,
        one.growth_percent,
        None if end is None else end.total_points,
        None if end is None else end.done_points,
        JOINT.join(one.programs) or None,
        *_said(one.outlook),
    )


def _values(columns: Iterable[Column], found: Amounts) -> tuple[Any, ...]:
    return tuple(getattr(found, one.key) for one in columns)


def _said(outlook: EpicOutlook | None) -> tuple[Any, ...]:
    if outlook is None:
        return (None, *NO_DATES)
    return (outlook.probability_percent, *outlook.dates)
