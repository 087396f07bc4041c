"""The command `export`."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from telemetry.context import Context

if TYPE_CHECKING:
    from telemetry.export.tables import Table
    from telemetry.report.reports import Reports

YEAR = timedelta(days=364)


class What(StrEnum):
    """What can be taken away."""

    SPRINT = "sprint"
    SPRINTS = "sprints"
    TIME = "time"
    IMPEDIMENTS = "impediments"
    FLOW = "flow"
    VELOCITY = "velocity"
    HISTORY = "history"


def export(
    ctx: typer.Context,
    what: Annotated[What, typer.Argument(help="What to write.", show_default=False)],
    file: Annotated[
        Path, typer.Option("-o", "--output", help="A file ending in .csv, .json, .parquet or .xlsx")
    ],
    team: Annotated[
        str, typer.Option(help="The team's key; may be left out where there is but one.")
    ] = "",
    sprint: Annotated[str, typer.Option(help="For 'sprint': its id, or 'current'.")] = "current",
    first: Annotated[
        str, typer.Option("--from", help="First day, YYYY-MM-DD; default: a year ago.")
    ] = "",
    last: Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD; default: today.")] = "",
    by: Annotated[str, typer.Option(help="For 'time': day, week or sprint.")] = "day",
) -> None:
    """Write a team's figures as tables for other programs.

    .xlsx holds all tables as sheets; of the other formats each table is a file of its own, named
    after it where there are several.
    """
    from telemetry.export.files import write
    from telemetry.report.reports import Reports

    context: Context = ctx.obj
    reports = Reports.of(context.settings, context.engine)
    team = team or reports.only_team()
    days = _days(reports, team, first, last)
    tables = _tables(reports, what, team, sprint, days, by)
    for written, rows in write(tables, file):
        typer.echo(f"{written}: {rows} {'row' if rows == 1 else 'rows'}")


def _days(reports: "Reports", team: str, first: str, last: str) -> tuple[date, date]:
    from zoneinfo import ZoneInfo

    from telemetry.errors import ConfigurationError

    now = datetime.now(UTC)
    end = _day("--to", last) or now.astimezone(ZoneInfo(reports.team(team, now).timezone)).date()
    start = _day("--from", first) or end - YEAR
    if start > end:
        raise ConfigurationError(f"--from {start} is after --to {end}")
    if end - start > timedelta(days=3660):
        raise ConfigurationError(f"--from {start} is more than ten years before --to {end}")
    return start, end


def _day(option: str, given: str) -> date | None:
    from telemetry.errors import ConfigurationError

    if not given:
        return None
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise ConfigurationError(f"{option} {given!r} is no day: write 2026-03-31") from None
    if not 1990 <= day.year <= 2200:
        raise ConfigurationError(f"{option} {given!r} is not between 1990 and 2200")
    return day


def _tables(
    reports: "Reports", what: What, team: str, sprint: str, days: tuple[date, date], by: str
) -> "tuple[Table, ...]":
    from telemetry.export import sprint as sprints
    from telemetry.export import weeks
    from telemetry.export.history import history

    makers: dict[What, Callable[[], tuple[Table, ...]]] = {
        What.SPRINT: lambda: sprints.of_sprint(reports, team, _sprint(sprint)),
        What.SPRINTS: lambda: (sprints.sprints(reports.sprints(team)),),
        What.TIME: lambda: (weeks.time(reports.time(team, *days, _by(by))),),
        What.IMPEDIMENTS: lambda: (weeks.impediments(reports.impediments(team, *days)),),
        What.FLOW: lambda: weeks.flow(reports.flow(team, *days, is_whole=True)),
        What.VELOCITY: lambda: (sprints.velocity(reports.velocity(team)),),
        What.HISTORY: lambda: history(*reports.history(team)),
    }
    return makers[what]()


def _sprint(given: str) -> int | str:
    from telemetry.errors import ConfigurationError

    if given == "current":
        return given
    if given.isascii() and given.isdigit() and int(given) < 2**63:
        return int(given)
    raise ConfigurationError(f"--sprint {given!r} is no sprint: give its id, or 'current'")


def _by(given: str) -> str:
    from telemetry.errors import ConfigurationError

    if given not in {"day", "week", "sprint"}:
        raise ConfigurationError(f"--by {given!r} is not known: day, week or sprint")
    return given


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(export)
