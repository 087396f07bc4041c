"""The commands that need neither Jira nor the web application: `show`, `db`; and `up`."""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from telemetry.context import Context

database = typer.Typer(
    name="db", help="Migrate, back up or recompute the store.", no_args_is_help=True
)


@database.command()
def upgrade(ctx: typer.Context) -> None:
    """Bring the store's tables to this version's schema."""
    from telemetry.store.migrate import current

    context: Context = ctx.obj
    typer.echo(f"The store is at revision {current(context.engine)}.")


@database.command()
def current(ctx: typer.Context) -> None:
    """Say which schema the store has, and which one this version wants; change nothing."""
    from telemetry.store.engine import open_store
    from telemetry.store.migrate import current as current_revision
    from telemetry.store.migrate import head

    context: Context = ctx.obj
    engine = open_store(context.settings.store_url(context.environ), base=context.folder)
    found = current_revision(engine) or "none"
    engine.dispose()
    typer.echo(f"The store is at revision {found}; this version wants {head()}.")


@database.command()
def downgrade(
    ctx: typer.Context,
    revision: Annotated[str, typer.Argument(help="The revision to go back to, or 'base'.")],
    is_agreed: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
) -> None:
    """Take the store's tables back to an older schema; what it does not know is lost."""
    from telemetry.store.migrate import downgrade as migrate_down

    context: Context = ctx.obj
    question = f"Take the store back to {revision}, and lose what that does not know?"
    if not _is_sure(question, f"db downgrade {revision}", is_agreed):
        typer.echo("Nothing is changed.")
        return
    with _no_pull(context):
        migrate_down(context.engine, revision)
    typer.echo(f"The store is at revision {revision}.")


@database.command()
def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where to write the copy.")],
    is_forced: Annotated[bool, typer.Option("--force", help="Replace a file there.")] = False,
) -> None:
    """Copy the store into FILE while it is in use (SQLite; PostgreSQL has pg_dump)."""
    from telemetry.store.backup import backup as copy

    context: Context = ctx.obj
    copy(context.engine, file, is_forced=is_forced)
    key = context.settings.privacy.key.reference
    typer.echo(f"The store is copied to {file}. Keep the key of its pseudonyms ({key}) with it.")


@database.command()
def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A backup of this or another store.")],
    is_agreed: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
) -> None:
    """Make the store what a backup holds (SQLite; PostgreSQL has pg_restore)."""
    from telemetry.store.backup import restore as copy_back
    from telemetry.store.migrate import upgrade as migrate

    context: Context = ctx.obj
    if not _is_sure(f"Replace all in the store by {file}?", f"db restore {file}", is_agreed):
        typer.echo("Nothing is changed.")
        return
    with _no_pull(context):
        copy_back(context.engine, file)
        migrate(context.engine)
    typer.echo(f"The store is what {file} holds; the next pull brings what changed since.")


@database.command()
def rebuild(ctx: typer.Context) -> None:
    """Recompute all facts from history."""
    from telemetry.facts import rebuild as rebuild_facts

    context: Context = ctx.obj
    changed = rebuild_facts(context.engine)
    typer.echo(f"All facts are recomputed; {changed} rows differed.")


def is_watched() -> bool:
    """Whether a person can answer a question here."""
    return sys.stdin.isatty()


def _is_sure(question: str, command: str, is_agreed: bool) -> bool:
    """Whether what cannot be taken back is wanted; asked of a person unless `--yes` said so."""
    from telemetry.errors import ConfigurationError

    if not is_agreed and not is_watched():
        raise ConfigurationError(f"nobody can be asked here: telemetry {command} --yes")
    return is_agreed or typer.confirm(question)


@contextmanager
def _no_pull(context: Context) -> Iterator[None]:
    """Keep bots away and hold every site. Raises StoreError where a bot is there, even resting."""
    from telemetry.store.presence import no_bot
    from telemetry.store.pulls import pull_lock

    with ExitStack() as held:
        held.enter_context(no_bot(context.engine))
        for site in context.settings.jira:
            held.enter_context(pull_lock(context.engine, site))
        yield


@database.command()
def purge(
    ctx: typer.Context,
    team: Annotated[str, typer.Argument(help="The key of a team that telemetry.yml has no more.")],
    is_agreed: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
) -> None:
    """Delete all of a team that no other team's figures rest on."""
    from telemetry.store.purge import check_purgeable
    from telemetry.store.purge import purge as purge_team

    context: Context = ctx.obj
    configured = {one.key for one in context.settings.teams}
    record = check_purgeable(context.engine, team, configured)
    if not _is_sure(f"Delete all of team '{team}' for good?", f"db purge {team}", is_agreed):
        typer.echo("Nothing is deleted.")
        return
    typer.echo(purge_team(context.engine, record).sentence(team))


def show(
    ctx: typer.Context,
    team: Annotated[str | None, typer.Argument(help="A team's key; all teams without it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    quarter: Annotated[
        bool, typer.Option("--quarter", help="The running quarter in place of the sprint.")
    ] = False,
    of: Annotated[str, typer.Option(help="Another quarter, such as Q3-26.")] = "",
) -> None:
    """Print the figures of the current sprint, or of a quarter."""
    if quarter or of:
        _show_quarter(ctx.obj, team, of, as_json=as_json)
        return
    from telemetry.report.reports import Reports
    from telemetry.terminal import (
        as_record,
        print_team,
        print_teams,
    )

    context: Context = ctx.obj
    reports = Reports.of(context.settings, context.engine)
    now = datetime.now(UTC)
    rows = reports.teams(now) if team is None else [reports.team(team, now)]
    if as_json:
        records: list[dict[str, Any]] = [as_record(row) for row in rows]
        json.dump(records if team is None else records[0], sys.stdout, indent=2)
        typer.echo()
    elif not rows:
        typer.echo("Nothing has been pulled yet: telemetry pull")
    elif team is None:
        print_teams(rows)
    else:
        print_team(rows[0])


def _show_quarter(context: Context, team: str | None, of: str, *, as_json: bool) -> None:
    """Print a team's quarter, or that of all teams."""
    from telemetry.domain.quarter import read_quarter
    from telemetry.errors import ConfigurationError
    from telemetry.export.formats import to_json
    from telemetry.export.roadmaps import of_portfolio, of_quarter
    from telemetry.report.reports import Reports
    from telemetry.terminal import print_portfolio, print_quarter

    wanted = read_quarter(of)
    if of and wanted is None:
        raise ConfigurationError(f"--of {of!r} is no quarter: give one such as Q3-26")
    reports, now = Reports.of(context.settings, context.engine), datetime.now(UTC)
    if team is None:
        portfolio, _ = reports.portfolio(wanted, now)
        tables = of_portfolio(portfolio)
        say = partial(print_portfolio, portfolio)
    else:
        found = reports.quarter(team, wanted, now)
        tables = of_quarter(found)
        say = partial(print_quarter, found)
    if as_json:
        typer.echo(json.dumps({one.name: json.loads(to_json(one)) for one in tables}, indent=2))
    else:
        say()


def up(
    ctx: typer.Context,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")] = 8000,
) -> None:
    """Run the bot and the web application in one process."""
    from telemetry.services import up as run

    run(ctx.obj, host, port, lambda url: typer.echo(f"Telemetry is at {url} (Ctrl-C stops it)."))


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(database)
    app.command()(show)
    app.command()(up)
