"""The commands `export …`; who shows pages adds those that write them to `exports`."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from telemetry.collecting import rare_collections
from telemetry.context import Context
from telemetry.export.roadmap_commands import add_roadmaps
from telemetry.export.teams_commands import teams

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


exports = typer.Typer(
    help="Write figures, pages, or the whole dashboard as files.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def _tables_command(what: What, says: str) -> None:
    """Add the command that writes these tables."""

    def command(
        ctx: typer.Context,
        file: Annotated[
            Path,
            typer.Option("-o", "--output", help=f"A file ending in {_endings(what)}"),
        ],
        team: Annotated[
            str, typer.Option(help="The team's key; may be left out where there is but one.")
        ] = "",
        sprint: Annotated[
            str, typer.Option(help="For 'sprint': its id, or 'current'.")
        ] = "current",
        first: Annotated[
            str, typer.Option("--from", help="First day, YYYY-MM-DD; default: a year ago.")
        ] = "",
        last: Annotated[
            str, typer.Option("--to", help="Last day, YYYY-MM-DD; default: today.")
        ] = "",
        by: Annotated[str, typer.Option(help="For 'time': day, week or sprint.")] = "day",
        form: Annotated[
            str, typer.Option("--format", help="The format; default: as the file ends.")
        ] = "",
    ) -> None:
        _export(ctx.obj, what, file, team, sprint, (first, last), by, form)

    more = _OF_CHARTS if what in _PAGES else ""
    command.__doc__ = says + _OF_TABLES + more + (_OF_SPRINT if what is What.SPRINT else "")
    exports.command(what.value)(command)


_PAGES = {  # of the figures that have charts, where those are below the team's page
    What.SPRINT: "",
    What.SPRINTS: "sprints",
    What.VELOCITY: "sprints",
    What.IMPEDIMENTS: "impediments",
    What.FLOW: "flow",
}
_OF_TABLES = """

    .xlsx holds all tables as sheets; of the other formats each table is a file of its own, named
    after it where there are several.
    """
_OF_CHARTS = """
    .png and .svg are its charts, each a file likewise, with Chromium.
    """
_OF_SPRINT = """
    .html is the sprint's page in one file that works from a mail, .pdf the same on paper.
    """


def _endings(what: What) -> str:
    pages = [".html", ".pdf"] if what is What.SPRINT else []
    charts = [".png", ".svg"] if what in _PAGES else []
    *most, last = [".csv", ".json", ".parquet", ".xlsx", *pages, *charts]
    return f"{', '.join(most)} or {last}"


def _export(
    context: Context,
    what: What,
    file: Path,
    team: str,
    sprint: str,
    days: tuple[str, str],
    by: str,
    form: str,
) -> None:
    from telemetry.export.files import write
    from telemetry.export.pages import DRAWERS, MAKERS
    from telemetry.report.reports import Reports

    ending = form.lower() or file.suffix.removeprefix(".").lower()
    reports = Reports.of(context.settings, context.engine)
    team = team or reports.only_team()
    if what is What.SPRINT and ending in MAKERS:
        written_page(context, ending, sprint_address(team, _sprint(sprint)), file)
        return
    if what in _PAGES and ending in DRAWERS:
        asked = dict(zip(("from", "to"), map(str, _days(reports, team, *days)), strict=True))
        pictured(context, ending, _page(what, team, sprint, asked), file)
        return
    tables = _tables(reports, what, team, sprint, _days(reports, team, *days), by)
    for written, rows in write(tables, file, ending):
        typer.echo(f"{written}: {rows} {'row' if rows == 1 else 'rows'}")


def _page(what: What, team: str, sprint: str, days: dict[str, str]) -> str:
    """Where the page is that shows these figures as charts."""
    from urllib.parse import urlencode

    if what is What.SPRINT:
        return sprint_address(team, _sprint(sprint))
    asked = f"?{urlencode(days)}" if what in (What.FLOW, What.IMPEDIMENTS) else ""
    return f"{sprint_address(team, 'current')}/{_PAGES[what]}{asked}"


def sprint_address(team: str, sprint: int | str) -> str:
    """Where the page of a sprint is."""
    from urllib.parse import quote

    return f"/teams/{quote(team)}" + ("" if sprint == "current" else f"/sprints/{sprint}")


def written_page(context: Context, ending: str, address: str, file: Path) -> None:
    """Write a page as a file of this format, and say how long it is."""
    from telemetry.export.files import replace
    from telemetry.export.pages import MAKERS

    with rare_collections():
        body = MAKERS[ending](context, address)
    replace(file, body)
    typer.echo(f"{file}: {len(body) / 1_000_000:.1f} MB")


def pictured(context: Context, ending: str, address: str, file: Path) -> None:
    """Write each chart of a page, named after it where there are several, and say how long."""
    from telemetry.errors import NotFound
    from telemetry.export.files import replace
    from telemetry.export.pages import DRAWERS

    with rare_collections():
        made = DRAWERS[ending](context, address)
    if not made:
        raise NotFound(f"the page {address} has no chart now")
    for chart, body in made.items():
        name = file.with_name(f"{file.stem}-{chart}{file.suffix}")
        target = file if len(made) == 1 else name
        replace(target, body)
        typer.echo(f"{target}: {len(body) / 1000:.0f} KB")


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


_SAYS = {
    What.SPRINT: "Write a sprint: its figures, issues and burndown, or its page.",
    What.SPRINTS: "Write the figures of all sprints of a team.",
    What.TIME: "Write where a team's time went.",
    What.IMPEDIMENTS: "Write a team's impediments.",
    What.FLOW: "Write cycle times, throughput and work in progress.",
    What.VELOCITY: "Write a team's velocity.",
    What.HISTORY: "Write all issues of a team and the work logged on them.",
}
for _what in What:
    _tables_command(_what, _SAYS[_what])
exports.command()(teams)
add_roadmaps(exports)


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(exports, name="export")
