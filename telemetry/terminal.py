"""Figures as a person reads them in a terminal."""

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from telemetry.metrics.figures import NAMES, SprintFigures
from telemetry.metrics.roadmap_forecast import NO_DATES, EpicOutlook
from telemetry.metrics.standing import Amounts
from telemetry.report.quarter.shapes import Portfolio, QuarterReport
from telemetry.report.shapes.sprints import SprintDates, SprintSummary
from telemetry.report.shapes.teams import TeamRow, TeamSprint
from telemetry.secrecy import harmless
from telemetry.words import numbers
from telemetry.words.days import day, short_day
from telemetry.words.numbers import UNKNOWN
from telemetry.words.plain import plain
from telemetry.words.portfolio import portfolio
from telemetry.words.quarter import achievable, epics, sure
from telemetry.words.sprint import expected
from telemetry.words.teams import why_no_sprint


def number(value: float | None, unit: str = "") -> str:
    """A figure with at most one decimal; a dash where it is unknown."""
    return UNKNOWN if value is None else f"{numbers.number(value)}{unit}"


def as_record(row: TeamRow) -> dict[str, Any]:
    """A team as JSON values; its sprint's figures stand beside its dates."""
    sprint = row.sprint
    record = asdict(replace(row, sprint=None)) | {"sprint": None if sprint is None else _of(sprint)}
    del record["finding_count"]  # known of a team that is asked for alone
    return {key: _json(value) for key, value in record.items()}


def _of(sprint: TeamSprint) -> dict[str, Any]:
    record = {field.name: getattr(sprint, field.name) for field in fields(SprintDates)}
    record["window_end_at"] = sprint.window_end_at
    figures = sprint.figures
    if not isinstance(figures, SprintFigures):
        return record | dict.fromkeys((*NAMES[1:], "time", "impediments"))
    time = asdict(figures.time)
    return record | asdict(figures) | {"time": time, "impediments": asdict(figures.impediments)}


def _json(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, dict):
        return {key: _json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_json(inner) for inner in value]
    return value


def print_teams(rows: Sequence[TeamRow], console: Console | None = None) -> None:
    """All teams, a line each."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("Team", "Sprint"):
        table.add_column(title, overflow="fold")
    for title in ("Done", "Behind", "Impediments", "As of"):
        table.add_column(title, justify="right")
    for row in rows:
        sprint = row.sprint
        name = plain(why_no_sprint(row)) if sprint is None else f"{sprint.name} ({sprint.state})"
        table.add_row(row.key, _shown(name), _done(sprint), *_expected(sprint), _as_of(row))
    (console or Console()).print(table)


def print_team(row: TeamRow, console: Console | None = None) -> None:
    """One team's current sprint."""
    out = console or Console()
    out.print(f"[bold]{_shown(row.name)}[/bold]  as of {_as_of(row)}", highlight=False)
    if row.freshness.reason:
        _say(out, f"stale: {row.freshness.reason}")
    for one in row.misfits:
        _say(out, f"configuration: {one}")
    sprint = row.sprint
    if not isinstance(sprint, SprintSummary):
        _say(out, plain(why_no_sprint(row)))
        return
    _say(out, f"{sprint.name} ({sprint.state})")
    if sprint.figures is None:
        _say(out, str(sprint.no_figures_reason))
        return
    zone = ZoneInfo(row.timezone)
    today = sprint.figures.as_of.astimezone(zone).date()
    out.print(plain(expected(sprint, today, zone)), highlight=False, markup=False)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    for title, value in _lines(sprint.figures):
        table.add_row(_shown(title), value)
    out.print(table)


def print_quarter(found: QuarterReport, console: Console | None = None) -> None:
    """A team's quarter: what is said of it, and its epics."""
    out = console or Console()
    until = f"{day(found.first, found.today)} to {day(found.last, found.today)}"
    out.print(f"[bold]{found.quarter}[/bold]  {until}", highlight=False)
    for said in (achievable(found), sure(found), epics(found)):
        _say(out, plain(said))
    table = _quarter_table("Epic", "Title")
    for row in found.epics:
        one = row.figures
        done = f"{number(one.done_points)} of {number(one.total_points)}"
        table.add_row(
            _shown(row.key),
            _shown(row.summary or ""),
            done,
            number(one.done_percent, " %"),
            *_dates(row.outlook, found.today),
        )
    if found.epics:
        out.print(table)


def print_portfolio(found: Portfolio, console: Console | None = None) -> None:
    """A quarter of all teams: what is said of it, a line each, and a line each program."""
    out = console or Console()
    out.print(f"[bold]{found.quarter}[/bold]", highlight=False)
    _say(out, plain(portfolio(found)))
    teams = _quarter_table("Team", "Days")
    for team in found.teams:
        days = team.predictability.days if team.state else None
        teams.add_row(_shown(team.key), number(days), *_progress(team.amounts, team.outlook, found))
    programs = _quarter_table("Program", "Teams")
    for one in found.programs:
        count = str(len(one.teams))
        programs.add_row(_shown(one.name), count, *_progress(one.amounts, one.outlook, found))
    for table in (programs, teams):
        if table.rows:
            out.print(table)


def _quarter_table(*first: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in first:
        is_number = title in ("Days", "Teams")
        table.add_column(title, overflow="fold", justify="right" if is_number else "left")
    for title in ("Done", "%", "50 % by", "85 % by", "Chance"):
        table.add_column(title, justify="right", no_wrap=True)
    return table


def _progress(
    work: Amounts, outlook: EpicOutlook | None, found: Portfolio
) -> tuple[str, str, str, str, str]:
    done = f"{number(work.done_points)} of {number(work.total_points)}"
    return done, number(work.progression_percent, " %"), *_dates(outlook, found.today)


def _dates(outlook: EpicOutlook | None, today: date) -> tuple[str, str, str]:
    on_50, on_85, _ = outlook.dates if outlook else NO_DATES
    chance = outlook.probability_percent if outlook else None
    return _short(on_50, today), _short(on_85, today), number(chance, " %")


def _short(on: date | None, today: date) -> str:
    return UNKNOWN if on is None else short_day(on, today)


def _say(out: Console, text: str) -> None:
    """Print a text of others: nothing in it is markup, or steers the terminal."""
    out.print(harmless(text), highlight=False, markup=False)


def _shown(text: str) -> str:
    """A text of others, in a cell."""
    return escape(harmless(text))


def _hours(seconds: int | None) -> float | None:
    return None if seconds is None else seconds / 3600


def _lines(figures: SprintFigures) -> list[tuple[str, str]]:
    return [
        ("Committed", number(figures.committed_points)),
        ("Added", number(figures.added_points)),
        ("Removed", number(figures.removed_points)),
        ("Re-estimated", number(figures.reestimated_points)),
        ("Burned", number(figures.burned_points)),
        ("Reopened", number(figures.reopened_points)),
        ("Remaining", number(figures.remaining_points)),
        ("Behind the ideal line", number(figures.behind_points)),
        ("Chance of the planned end", number(figures.finish_in_time_percent, " %")),
        ("Done by then, 50 % sure", number(figures.done_by_end_50_points)),
        ("Done by then, 85 % sure", number(figures.done_by_end_85_points)),
        ("Completion", number(figures.completion_percent, " %")),
        ("Commitment kept", number(figures.commitment_kept_percent, " %")),
        ("Planned time", number(figures.planned_seconds / 3600, " h")),
        ("Impediment time", number(_hours(figures.impediment_seconds), " h")),
        ("Off-plan time", number(figures.off_plan_seconds / 3600, " h")),
        ("Impediment share", number(figures.time.impediment_share_percent, " %")),
        ("Impediments", number(figures.impediment_count)),
        *(
            (f"  {one.nature}", f"{one.count}, {number(one.seconds / 3600, ' h')}")
            for one in figures.natures
        ),
    ]


def _done(sprint: TeamSprint | None) -> str:
    figures = sprint.figures if sprint else None
    if figures is None:
        return UNKNOWN
    return f"{number(figures.done_points)} of {number(figures.total_points)}"


def _expected(sprint: TeamSprint | None) -> tuple[str, str]:
    figures = sprint.figures if sprint else None
    if figures is None:
        return UNKNOWN, UNKNOWN
    return number(figures.behind_points), number(figures.time.impediment_share_percent, " %")


def _as_of(row: TeamRow) -> str:
    as_of = row.freshness.as_of
    return UNKNOWN if as_of is None else f"{as_of:%Y-%m-%d %H:%M} UTC"
