"""The web application's command: `web`."""

from typing import Annotated

import typer


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


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(web)
