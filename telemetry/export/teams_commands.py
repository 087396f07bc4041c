"""The command `export teams`."""

from datetime import UTC, datetime

import typer

from telemetry.export.roadmap_commands import Form, Output, reports_of, write_tables


def teams(ctx: typer.Context, file: Output, form: Form = "") -> None:
    """Write all teams, each with its running sprint and how old its data are."""
    from telemetry.export.teams import of_teams

    now = datetime.now(UTC)
    listed = reports_of(ctx.obj).teams_list(now).rows(now)
    write_tables([of_teams(listed)], file, form)
