"""Looks which digests are due, and notes each once, in the transaction that fills the outbox."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Connection, Engine

from bot.digests.due import LONGEST, Due, Known, due_digests
from telemetry.errors import SiteBusy
from telemetry.report.teams.team import read_configured_teams
from telemetry.settings import Settings
from telemetry.store.digests import (
    add_digests,
    prune_digests,
    read_closed,
    read_known,
)
from telemetry.store.engine import reading, writing
from telemetry.store.pulls import pull_lock

LOCK = "~digests"
KEPT = timedelta(days=400)


def look(engine: Engine, settings: Settings, now: datetime, began_at: datetime) -> int:
    """Put what is due into the outbox; how many messages. Nothing where another bot is at it."""
    if not settings.digests:
        return 0
    try:
        with pull_lock(engine, LOCK):
            with reading(engine) as connection:
                rows = _new(connection, settings, now, began_at)
            if rows:
                with writing(engine) as connection:
                    prune_digests(connection, now - KEPT)
                    add_digests(connection, rows)
            return len(rows)
    except SiteBusy:
        return 0


def _new(
    connection: Connection, settings: Settings, now: datetime, began_at: datetime
) -> list[dict[str, object]]:
    """The rows of what is due and was not noted before."""
    teams = {
        team.rules.key: Known(team.rules.calendar, team.as_of)
        for team in read_configured_teams(connection)
        if team.as_of is not None
    }
    closed = read_closed(connection, now - LONGEST)
    known = read_known(connection, now - LONGEST - timedelta(days=1))
    rows: list[dict[str, object]] = []
    for due in due_digests(settings, teams, closed, now, began_at):
        for channel in due.channels:
            if (due.key, channel) not in known:
                known.add((due.key, channel))
                rows.append(row(due, channel, now))
    return rows


def row(due: Due, channel: str, now: datetime) -> dict[str, object]:
    """A digest as the outbox holds it."""
    return {
        "key": due.key,
        "channel": channel,
        "kind": due.kind,
        "team_key": due.team_key,
        "team_keys": list(due.team_keys),
        "sprint_id": due.sprint_id,
        "told_at": due.told_at,
        "made_at": now,
        "due_at": due.due_at,
        "message_id": uuid4().hex,
    }
