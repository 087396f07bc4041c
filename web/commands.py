"""The web application's commands: `web` and `sessions`."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from telemetry.context import Context
from web.saving import commands

if TYPE_CHECKING:
    from telemetry.store.sessions import Session


def web(
    ctx: typer.Context,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")] = 8000,
) -> None:
    """Serve pages and API alone; a bot fills the store."""
    from telemetry.services import serve_web

    serve_web(
        ctx.obj,
        host,
        port,
        None,
        lambda url: typer.echo(f"Telemetry is at {url} (Ctrl-C stops it)."),
    )


def sessions(
    ctx: typer.Context,
    revoke: Annotated[
        str | None, typer.Option(metavar="ID", help="End the sessions whose ids begin so.")
    ] = None,
    is_all: Annotated[bool, typer.Option("--revoke-all", help="End all sessions.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List who is signed in to the page, or end sessions; it notices within seconds."""
    from telemetry.errors import NotFound
    from telemetry.store.engine import reading, writing
    from telemetry.store.sessions import end_sessions, read_sessions

    context: Context = ctx.obj
    with reading(context.engine) as connection:
        found = read_sessions(connection, datetime.now(UTC))
    if is_all or revoke is not None:
        ended = [one for one in found if is_all or (revoke and one.id.startswith(revoke))]
        if revoke is not None and not ended:
            raise NotFound(f"no session has an id that begins with {revoke!r}")
        with writing(context.engine) as connection:
            end_sessions(connection, [one.id for one in ended])
        typer.echo(f"{len(ended)} {'session' if len(ended) == 1 else 'sessions'} ended.")
    elif as_json:
        typer.echo(json.dumps([_record(one) for one in found], indent=2))
    else:
        for one in found:
            typer.echo(f"{one.id[:8]}  {one.began_at:%Y-%m-%d %H:%M} UTC  {one.agent}")
        if not found:
            typer.echo("Nobody is signed in.")


def _record(session: "Session") -> dict[str, str]:
    began, ends = (f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (session.began_at, session.ends_at))
    return {"id": session.id, "began_at": began, "ends_at": ends, "agent": session.agent}


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(web)
    app.command()(sessions)
    commands.register()
