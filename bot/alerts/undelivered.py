"""A channel that messages do not reach is an alert itself, told to whom keeps the bot running."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from bot.alerts.routing import site_calendar
from bot.alerts.times import told_from
from bot.alerts.writing import said_json
from telemetry.alerts.life import BELOW
from telemetry.settings import Settings
from telemetry.store.alerts import (
    SITE,
    AlertRecord,
    add_alert,
    change_alert,
    lock_alerts,
    read_open,
    resolve_alert,
)
from telemetry.store.outbox import WAITING, add_deliveries, drop_waiting, read_of_alerts
from telemetry.words.alerts import pulls as words

RULE = "delivery_failing"
UNTOLD = "It was over before it was told."


def lock_noted(connection: Connection, channel: str, told: Iterable[int] = ()) -> None:
    """Lock what noting how a message to a channel went concerns: the alerts that it `told`, too."""
    known = _open(connection, channel)
    lock_alerts(connection, {*told} if known is None else {*told, known.id})


def note_undelivered(
    connection: Connection, settings: Settings, channel: str, reason: str, now: datetime
) -> None:
    """Note that a message to a channel was given up, and tell the other `admin` channels once."""
    known = _open(connection, channel)
    count = 1 if known is None else round(known.value) + 1
    said = said_json(words.delivery_failing(count, reason))
    if known is not None:
        change_alert(connection, known.id, {"value": float(count), "said": said})
        return
    alert_id = add_alert(
        connection,
        {
            "rule": RULE,
            "team_key": SITE,
            "subject_kind": "channel",
            "subject_id": channel,
            "subject_name": f"Channel {channel}",
            "severity": "bad",
            "is_silent": False,
            "opened_at": now,
            "value": 1.0,
            "opened_value": 1.0,
            "threshold": 1.0,
            "said": said,
            "issue_ids": [],
        },
        is_open=True,
    )
    others = [name for name in settings.admin.channels if name != channel]
    _tell(connection, settings, alert_id, "opened", others, now)


def note_arrived(connection: Connection, settings: Settings, channel: str, now: datetime) -> None:
    """Note that messages reach a channel again."""
    known = _open(connection, channel)
    if known is None:
        return
    resolve_alert(connection, known.id, now, BELOW)  # first: it locks who is told
    found = read_of_alerts(connection, [known.id]).get(known.id, [])
    told = sorted({one.channel for one in found if one.is_known or one.is_begun})
    change_alert(connection, known.id, {"value": 0.0})
    drop_waiting(connection, known.id, UNTOLD)
    _tell(connection, settings, known.id, "resolved", told, now)


def _open(connection: Connection, channel: str) -> AlertRecord | None:
    some = read_open(connection, SITE)
    return next((one for one in some if (one.rule, one.subject_id) == (RULE, channel)), None)


def _tell(
    connection: Connection,
    settings: Settings,
    alert_id: int,
    kind: str,
    channels: list[str],
    now: datetime,
) -> None:
    due_at = told_from(now, settings.quiet_hours, site_calendar(settings))
    rows = [
        {
            "alert_id": alert_id,
            "team_key": SITE,
            "channel": channel,
            "kind": kind,
            "state": WAITING,
            "made_at": now,
            "due_at": due_at,
        }
        for channel in channels
    ]
    add_deliveries(connection, rows)
