"""The command `digest`."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from telemetry.context import Context


class Kind(StrEnum):
    """The kinds of digests."""

    DAY = "day"
    WEEK = "week"
    SPRINT = "sprint"
    PORTFOLIO = "portfolio"


class Form(StrEnum):
    """In which form a digest is printed."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


def digest(
    ctx: typer.Context,
    kind: Annotated[Kind, typer.Option(help="Of which time, or of all teams.")] = Kind.WEEK,
    team: Annotated[str, typer.Option(help="The team's key; not needed for 'portfolio'.")] = "",
    form: Annotated[Form, typer.Option("--as", help="How to print it.")] = Form.TEXT,
    at: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"],
            help="Of that week, or of the sprint closed last by then (UTC); by default now.",
        ),
    ] = None,
    sends: Annotated[
        bool, typer.Option("--send/--dry-run", help="Send it to its channels, or print it.")
    ] = False,
) -> None:
    """Print a digest of a team: the day, the week or its last sprint; or of all teams."""
    import json

    from telemetry.digest.making import make, make_at
    from telemetry.digest.record import record
    from telemetry.digest.sending import send
    from telemetry.errors import ConfigurationError
    from telemetry.report.reports import Reports
    from telemetry.secrecy import harmless
    from telemetry.words.digests.written import as_html, as_markdown, text

    context: Context = ctx.obj
    reports = Reports.of(context.settings, context.engine)
    if not team and kind is not Kind.PORTFOLIO:
        team = reports.only_team()
    if sends and at is not None:
        raise ConfigurationError("--at prints what was; what is sent is of now")
    if sends:
        channels = send(context, kind.value, "" if kind is Kind.PORTFOLIO else team)
        typer.echo(harmless(f"Sent to {', '.join(channels)}."))
        return
    now, base = datetime.now(UTC), context.settings.web.url
    if at is None:
        made = make(reports, kind.value, team, now)
    else:
        made = make_at(reports, kind.value, team, at.replace(tzinfo=UTC), now)
    if form is Form.JSON:
        typer.echo(json.dumps(record(made, base), indent=2, ensure_ascii=False))
        return
    if form is Form.HTML:
        typer.echo(as_html(made, base))
        return
    write = text if form is Form.TEXT else as_markdown
    typer.echo(write(made, base))


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(digest)
