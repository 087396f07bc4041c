"""Writes how the sending of a message went, and what follows from that."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.alerts.backoff import is_given_up, next_try
from bot.alerts.telling import Teams
from bot.alerts.times import told_from
from bot.alerts.undelivered import lock_noted, note_arrived, note_undelivered
from bot.channels.sending import Outcome
from telemetry.alerts.life import BELOW, GONE
from telemetry.settings import Settings
from telemetry.store.alerts import read_alerts
from telemetry.store.outbox import (
    FAILED,
    GIVEN_UP,
    SENT,
    WAITING,
    Delivery,
    add_deliveries,
    change,
    forget,
    read_of_alerts,
    still_waiting,
)


def note(
    connection: Connection,
    settings: Settings,
    claimed: Sequence[Delivery],
    outcome: Outcome,
    now: datetime,
) -> None:
    """Write how a message went, and what follows: another try, or a word to whom keeps the bot."""
    channel, is_over = claimed[0].channel, False
    lock_noted(connection, channel, [one.alert_id for one in claimed])
    first_at = min([one.first_at for one in claimed if one.first_at is not None], default=now)
    attempts = 1 + max(one.attempts for one in claimed)
    values: dict[str, object] = {
        "attempts": attempts,
        "first_at": first_at,
        "error": outcome.reason,
        "reached": list(outcome.reached),
    }
    if outcome.way == "sent":
        values |= {"state": SENT, "sent_at": now}
        _tell_the_end(connection, settings, claimed, now)
        note_arrived(connection, settings, channel, now)
    elif outcome.way == "failed" or is_given_up(first_at, now, attempts):
        values |= {"state": FAILED if outcome.way == "failed" else GIVEN_UP, "due_at": now}
        is_over = True
    else:
        again = next_try(attempts, now, outcome.retry_after)
        teams = Teams.read(connection, settings)
        calendar = teams.calendar(claimed[0].team_key)
        values["due_at"] = told_from(again, settings.quiet_hours, calendar)
    ids = [one.id for one in claimed]
    if outcome.way != "sent":
        unheard = [one for one in claimed if not one.is_begun]
        change(connection, [one.id for one in unheard], is_begun=False)
        if not outcome.reached:
            _tell_no_end(connection, unheard)
    # what was dropped meanwhile stays so, unless it did arrive
    told = ids if outcome.way == "sent" else still_waiting(connection, ids)
    change(connection, told, **values)
    if is_over:
        note_undelivered(connection, settings, channel, outcome.reason or "", now)


def _tell_no_end(connection: Connection, claimed: Sequence[Delivery]) -> None:
    """What did not arrive and is over by now has no end to tell: it came while this was sent."""
    opened = {one.alert_id for one in claimed if one.kind == "opened" and not one.reached}
    for parts in read_of_alerts(connection, opened).values():
        ends = [
            one.id
            for one in parts
            if one.kind == "resolved" and one.state == WAITING and one.channel == claimed[0].channel
        ]
        forget(connection, ends)


def _tell_the_end(
    connection: Connection, settings: Settings, claimed: Sequence[Delivery], now: datetime
) -> None:
    """What arrived while it came to its end elsewhere: nobody knew then that it was told here."""
    fresh = [one for one in claimed if one.kind == "opened" and not one.reached]
    waiting = set(still_waiting(connection, [one.id for one in fresh]))
    alerts = read_alerts(connection, [one.alert_id for one in fresh if one.id not in waiting])
    over = {one.id: one for one in alerts.values() if one.resolved_because in (BELOW, GONE)}
    for alert_id, parts in read_of_alerts(connection, list(over)).items():
        if any((one.kind, one.channel) == ("resolved", claimed[0].channel) for one in parts):
            del over[alert_id]
    teams = Teams.read(connection, settings)
    rows = [
        {
            "alert_id": alert_id,
            "team_key": alert.team_key,
            "channel": claimed[0].channel,
            "kind": "resolved",
            "state": WAITING,
            "made_at": now,
            "due_at": told_from(now, settings.quiet_hours, teams.calendar(alert.team_key)),
        }
        for alert_id, alert in over.items()
    ]
    add_deliveries(connection, rows)
