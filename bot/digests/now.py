"""Sends one digest at once, to the channels that the configuration sends it to: for the command."""

from datetime import datetime
from time import sleep
from uuid import uuid4

from bot.digests.due import Due, channels_of
from bot.digests.looking import row
from bot.digests.sender import send_digests
from bot.pull.run import utc_now
from telemetry.context import Context
from telemetry.errors import ConfigurationError, TelemetryError
from telemetry.settings import Settings
from telemetry.settings.digesting import DigestKind, DigestSettings
from telemetry.store.digests import DigestRow, add_digests, read_digests
from telemetry.store.engine import reading, writing
from telemetry.store.outbox import SENT


def send_now(context: Context, kind: DigestKind, team: str) -> list[str]:
    """Send a digest of a team, or of all; the channels that it reached.

    Raises TelemetryError naming those that it did not reach, and ConfigurationError where none is
    meant. What waits besides is sent, too.
    """
    settings, now = context.settings, utc_now()
    channels = _channels(settings, kind, team)
    if not channels:
        raise ConfigurationError("no channel is meant; name one in an entry under digests")
    key = f"{kind} by command {uuid4().hex}"
    with writing(context.engine) as connection:
        rows = [_row(kind, team, channel, now, key) for channel in channels]
        add_digests(connection, rows)
    send_digests(context, utc_now, pause=sleep)
    with reading(context.engine) as connection:
        found = read_digests(connection, key)
    if problems := [_problem(one) for one in found if one.state != SENT]:
        raise TelemetryError("\n".join(problems))
    return [one.channel for one in found]


def _row(kind: DigestKind, team: str, channel: str, now: datetime, key: str) -> dict[str, object]:
    """A digest of its own: what is due later is sent all the same."""
    keys = (team,) if team else ()
    due = Due(kind, team, keys, None, now, now, (channel,))
    return row(due, channel, now) | {"key": key}


def _problem(one: DigestRow) -> str:
    later = " The bot tries again." if one.state == "waiting" else ""
    return f"channel {one.channel}: {one.error or 'it is being sent to just now.'}{later}"


def _channels(settings: Settings, kind: DigestKind, team: str) -> list[str]:
    """The channels of the entries that mean it; those of the team where none does."""
    meant = [
        entry
        for entry in settings.digests
        if entry.kind == kind and (not team or entry.teams is None or team in entry.teams)
    ]
    entries = meant or [DigestSettings(kind=kind)]
    return list(dict.fromkeys(c for e in entries for c in channels_of(settings, e, team)))
