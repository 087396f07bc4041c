"""The commands of alerts: `telemetry alerts evaluate | list | mute | unmute | test`."""

import json
import re
from datetime import datetime, time, timedelta
from getpass import getuser
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from telemetry.context import Context
from telemetry.errors import ConfigurationError, NotFound, TelemetryError
from telemetry.secrecy import harmless

alerts = typer.Typer(
    name="alerts", help="Look for what is worth a word, and who is told.", no_args_is_help=True
)
_LENGTH = re.compile(r"(\d{1,3})([hdw])")
_HOURS = {"h": 1, "d": 24, "w": 24 * 7}


@alerts.command()
def evaluate(
    ctx: typer.Context,
    is_dry: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be told; write and send nothing.")
    ] = False,
) -> None:
    """Look at all teams now, and send what is due."""
    from bot.alerts.evaluate import evaluate as look
    from bot.alerts.sender import send_due
    from bot.pull.run import utc_now

    context: Context = ctx.obj
    found = look(context.engine, context.settings, utc_now(), is_whole=True, is_dry=is_dry)
    if found.is_busy:
        raise TelemetryError("another bot is looking just now; try again in a moment")
    for line in found.planned:
        typer.echo(harmless(line))
    counts = found.counts
    teams, opened = _counted(found.team_count, "team"), _counted(counts.opened, "alert")
    typer.echo(
        f"{teams} looked at: {opened} opened, {counts.worsened} worsened, "
        f"{counts.resolved} resolved."
    )
    if not is_dry:
        arrived = send_due(context, utc_now, pause=_pause)
        typer.echo(f"{_counted(arrived, 'message')} sent.")
    if found.errors:
        raise TelemetryError("\n".join(found.errors))


def _counted(count: int, one: str) -> str:
    return f"{count} {one}{'' if count == 1 else 's'}"


def _pause(seconds: float) -> None:
    from time import sleep

    sleep(seconds)


@alerts.command(name="list")
def list_alerts(
    ctx: typer.Context,
    team: Annotated[str | None, typer.Option(help="Only this team’s.")] = None,
    is_all: Annotated[bool, typer.Option("--all", help="Those that are over, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the alerts that are open, and how they were told."""
    from telemetry.report.alerts.listed import read_listed
    from telemetry.store.engine import reading
    from telemetry.words.alerts.listed import line, record

    context: Context = ctx.obj
    if team is not None:
        _known(context, team)
    with reading(context.engine) as connection:
        found = read_listed(connection, team, None if is_all else "open", 500)
    if as_json:
        typer.echo(json.dumps([record(one) for one in found], indent=2))
        return
    for one in found:
        typer.echo(harmless(f"{one.alert.id:>4}  {line(one)}"))
        for delivery in one.deliveries:
            reason = f": {delivery.error}" if delivery.error else ""
            typer.echo(
                harmless(f"        {delivery.channel}: {delivery.kind}, {delivery.state}{reason}")
            )
    if not found:
        typer.echo("No alert is open.")


@alerts.command()
def mute(
    ctx: typer.Context,
    team: Annotated[str, typer.Argument(help="A team's key.")],
    rule: Annotated[str | None, typer.Option(help="Only this rule's alerts.")] = None,
    until: Annotated[
        str, typer.Option(help="For how long (4h, 3d, 2w), or a day (YYYY-MM-DD), included.")
    ] = "1d",
) -> None:
    """Let nobody hear of a team's alerts for a while; pages show them all the same."""
    from bot.pull.run import utc_now
    from telemetry.settings.alerting import RULES
    from telemetry.settings.values import nearest
    from telemetry.store.engine import writing
    from telemetry.store.mutes import add_mute

    context: Context = ctx.obj
    _known(context, team)
    if rule is not None and rule not in RULES:
        raise ConfigurationError(f"{rule!r} is no rule{nearest(rule, RULES)}")
    now = utc_now()
    end = _end(context, team, until, now)
    with writing(context.engine) as connection:
        number = add_mute(connection, team, rule, end, now, getuser())
    what = "all alerts" if rule is None else rule
    typer.echo(f"Mute {number}: {what} of {team} until {end:%Y-%m-%d %H:%M} UTC.")


@alerts.command()
def unmute(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(help="The number that `alerts mute` gave.")],
) -> None:
    """End a mute before its time."""
    from bot.pull.run import utc_now
    from telemetry.store.engine import writing
    from telemetry.store.mutes import end_mute

    context: Context = ctx.obj
    with writing(context.engine) as connection:
        is_ended = end_mute(connection, number, utc_now(), getuser())
    if not is_ended:
        raise NotFound(f"there is no mute {number} in force")
    typer.echo(f"Mute {number} is over.")


@alerts.command()
def test(
    ctx: typer.Context,
    channel: Annotated[str, typer.Argument(help="A channel's name.")],
) -> None:
    """Send a message to a channel that says that it is one to try."""
    from bot.channels.trying import try_out
    from telemetry.settings.values import nearest

    context: Context = ctx.obj
    known = context.settings.channels
    if channel not in known:
        hint = nearest(channel, known) or "; add it under channels"
        raise ConfigurationError(f"{channel!r} is no channel{hint}")
    tried = try_out(channel, context.channel_secret(channel).reveal())
    if not tried.is_good:
        raise TelemetryError(f"channel {channel}: {tried.sentence}")
    typer.echo(harmless(f"{channel}: {tried.sentence}."))


def _known(context: Context, team: str) -> None:
    from telemetry.settings.values import nearest

    known = [one.key for one in context.settings.teams]
    if team not in known:
        raise ConfigurationError(f"{team!r} is no team{nearest(team, known)}")


def _end(context: Context, team: str, until: str, now: datetime) -> datetime:
    """When a mute ends: after a length of time, or with a day of the team's."""
    found = _LENGTH.fullmatch(until)
    if found:
        return now + timedelta(hours=int(found[1]) * _HOURS[found[2]])
    settings = context.settings.team(team)
    zone = ZoneInfo(settings.calendar.timezone if settings else "UTC")
    try:
        day = datetime.strptime(until, "%Y-%m-%d").date()  # noqa: DTZ007 (a day of the team's)
    except ValueError:
        raise ConfigurationError(
            f"{until!r} is neither a length of time such as 4h, 3d or 2w nor a day"
        ) from None
    end = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(now.tzinfo)
    if end <= now:
        raise ConfigurationError(f"{until} is over; name a day to come")
    return end
