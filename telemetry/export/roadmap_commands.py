"""The commands `export quarter`, `program`, `portfolio` and `calibration`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from telemetry.context import Context

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telemetry.domain.quarter import Quarter
    from telemetry.export.tables import Table
    from telemetry.report.reports import Reports

Output = Annotated[
    Path, typer.Option("-o", "--output", help="A file ending in .csv, .json, .parquet or .xlsx")
]
Which = Annotated[str, typer.Option(help="A quarter such as Q3-26, or 'current'.")]
Form = Annotated[str, typer.Option("--format", help="The format; default: as the file ends.")]


def add_roadmaps(exports: typer.Typer) -> None:
    """Add these commands to `export`."""
    for command in (quarter, program, portfolio, calibration):
        exports.command()(command)


def quarter(
    ctx: typer.Context,
    file: Output,
    team: Annotated[
        str, typer.Option(help="The team's key; may be left out where there is but one.")
    ] = "",
    quarter: Which = "current",
    form: Form = "",
) -> None:
    """Write a team's quarter: its epics, weeks and burnup."""
    from telemetry.export.roadmaps import of_quarter

    reports, wanted = reports_of(ctx.obj), _quarter(quarter)
    found = reports.quarter(team or reports.only_team(), wanted, datetime.now(UTC))
    write_tables(of_quarter(found), file, form)


def program(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="All that follows Project_ in the label.")],
    file: Output,
    quarter: Which = "current",
    form: Form = "",
) -> None:
    """Write a program's quarter: its epics, teams and burnup."""
    from telemetry.export.roadmaps import of_program

    found = reports_of(ctx.obj).program(name, _quarter(quarter), datetime.now(UTC))
    write_tables(of_program(found), file, form)


def portfolio(
    ctx: typer.Context, file: Output, quarter: Which = "current", form: Form = ""
) -> None:
    """Write a quarter of all teams, and of all programs."""
    from telemetry.export.roadmaps import of_portfolio

    found, _ = reports_of(ctx.obj).portfolio(_quarter(quarter), datetime.now(UTC))
    write_tables(of_portfolio(found), file, form)


def calibration(
    ctx: typer.Context,
    file: Output,
    team: Annotated[str, typer.Option(help="The team's key; without it all teams.")] = "",
    form: Form = "",
) -> None:
    """Write what forecasts came to: each promise, and each kind's chances and width."""
    from telemetry.export.calibration import of_calibration

    found = reports_of(ctx.obj).calibration(team or None, datetime.now(UTC))
    write_tables(of_calibration(found), file, form)


def reports_of(context: Context) -> "Reports":
    """The reports of the configured store."""
    from telemetry.report.reports import Reports

    return Reports.of(context.settings, context.engine)


def _quarter(given: str) -> "Quarter | None":
    from telemetry.domain.quarter import read_quarter
    from telemetry.errors import ConfigurationError

    found = read_quarter(given)
    if found is None and given != "current":
        raise ConfigurationError(f"--quarter {given!r} is no quarter: give one such as Q3-26")
    return found


def write_tables(tables: "Iterable[Table]", file: Path, form: str) -> None:
    """Write the tables in this format, else as the file ends, and say how many rows they have."""
    from telemetry.export.files import write

    ending = form.lower() or file.suffix.removeprefix(".").lower()
    for written, rows in write(tuple(tables), file, ending):
        typer.echo(f"{written}: {rows} {'row' if rows == 1 else 'rows'}")
