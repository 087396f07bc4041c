"""Takes from the outbox what is due and sends it: at least once, each channel by itself.

A message's id and parts are written before it is sent, how it went after it. Whoever is killed in
between sends the same message again, and no other can send it meanwhile: a channel's lock is held.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from sqlalchemy import Connection, Engine

from bot.alerts.noting import note
from bot.alerts.telling import Letters, Teams
from bot.alerts.times import next_morning, told_from
from bot.alerts.writing import MUTED, RESOLVED_UNTOLD
from bot.channels.sending import Outcome, addresses_of
from bot.channels.sending import send as send_by_apprise
from telemetry.context import Context
from telemetry.errors import ConfigurationError, SiteBusy
from telemetry.logs import get_logger
from telemetry.settings import Settings
from telemetry.store.alerts import SITE, lock_alerts, read_alerts
from telemetry.store.engine import reading, writing
from telemetry.store.mutes import is_muted, read_mutes
from telemetry.store.outbox import (
    DROPPED,
    Delivery,
    change,
    last_sent_at,
    read_due,
    taken_since,
)
from telemetry.store.pulls import pull_lock
from telemetry.words.alerts.message import Message

log = get_logger()

A_DAY = 3  # messages of a team's alerts in a channel; the rest waits for the next morning
APART = timedelta(seconds=1)
AT_ONCE = 8  # channels
NO_CHANNEL = "The channel is configured no more."

Send = Callable[[Message, Sequence[str], Sequence[int]], Outcome]


def send_due(
    context: Context,
    clock: Callable[[], datetime],
    send: Send = send_by_apprise,
    *,
    pause: Callable[[float], object] | None = None,
) -> int:
    """Send what is due now; how many messages arrived.

    `pause` waits between two messages of a channel; without it a channel gets one a call.
    """
    with reading(context.engine) as connection:
        channels = [one.channel for one in read_due(connection, clock())]
    return side_by_side(channels, partial(_channel, context, clock, send, pause))


def side_by_side(channels: Iterable[str], send_to: Callable[[str], int]) -> int:
    """How many messages arrived in all; a dead channel delays no other."""
    names = list(dict.fromkeys(channels))
    if not names:
        return 0
    with ThreadPoolExecutor(min(AT_ONCE, len(names)), "channel") as pool:
        return sum(pool.map(send_to, names))


def _channel(
    context: Context,
    clock: Callable[[], datetime],
    send: Send,
    pause: Callable[[float], object] | None,
    channel: str,
) -> int:
    """Send what one channel waits for; nothing where another bot does."""
    arrived = 0
    try:
        with pull_lock(context.engine, f"~channel {channel}"):
            while True:
                if not _is_time(context.engine, channel, clock()):
                    if pause is None:
                        break
                    pause(APART.total_seconds())
                    continue
                claimed = _claim(context.engine, context.settings, channel, clock())
                if not claimed:
                    break
                arrived += _deliver(context, clock, send, channel, claimed)
                if pause is None:
                    break
    except SiteBusy:
        pass
    except Exception:
        log.exception("messages not sent", channel=channel)
    return arrived


def _is_time(engine: Engine, channel: str, now: datetime) -> bool:
    with reading(engine) as connection:
        last = last_sent_at(connection, channel)
    return last is None or now - last >= APART or last > now


def _claim(engine: Engine, settings: Settings, channel: str, now: datetime) -> tuple[Delivery, ...]:
    """The parts of the channel's next message, marked with its id; what must not go is dropped.

    `is_begun` of those given tells of an earlier try of which nobody knows how it went.
    """
    with writing(engine) as connection:
        due = [one for one in read_due(connection, now) if one.channel == channel]
        lock_alerts(connection, {one.alert_id for one in due})
        due = list(_again(connection, due, now))
        if channel not in settings.channels:
            change(connection, [one.id for one in due], state=DROPPED, error=NO_CHANNEL)
            return ()
        due = _still_true(connection, due, now)
        teams = Teams.read(connection, settings)
        for mine in _messages(due):
            if not _may_go(connection, settings, teams, mine, now):
                continue
            ids = [one.id for one in mine]
            if mine[0].message_id is not None:
                change(connection, ids, is_begun=True)
                return tuple(mine)
            if _has_room(connection, settings, teams, mine, now):
                message_id = uuid4().hex
                change(connection, ids, message_id=message_id, is_begun=True, first_at=now)
                return tuple(replace(one, message_id=message_id) for one in mine)
    return ()


def _again(connection: Connection, mine: Sequence[Delivery], now: datetime) -> tuple[Delivery, ...]:
    ids = {one.id for one in mine}
    return tuple(one for one in read_due(connection, now) if one.id in ids)


def _messages(due: Sequence[Delivery]) -> list[list[Delivery]]:
    """Messages begun before come first, then a new one for each team."""
    begun: dict[str, list[Delivery]] = {}
    new: dict[str, list[Delivery]] = {}
    for one in due:
        if one.message_id is not None:
            begun.setdefault(one.message_id, []).append(one)
        else:
            new.setdefault(one.team_key, []).append(one)
    return [*begun.values(), *new.values()]


def _still_true(connection: Connection, due: Sequence[Delivery], now: datetime) -> list[Delivery]:
    """What is still to be told: nothing that was resolved or muted meanwhile."""
    alerts = read_alerts(connection, [one.alert_id for one in due])
    mutes = read_mutes(connection, now)
    kept = []
    for one in due:
        alert = alerts.get(one.alert_id)
        is_event = alert is not None and alert.resolved_because == "event"
        if alert is None or (one.kind != "resolved" and not alert.is_open and not is_event):
            change(connection, [one.id], state=DROPPED, error=RESOLVED_UNTOLD)
        elif is_muted(mutes, one.team_key, alert.rule):
            change(connection, [one.id], state=DROPPED, error=MUTED)
        else:
            kept.append(one)
    return kept


def _may_go(
    connection: Connection,
    settings: Settings,
    teams: Teams,
    mine: Sequence[Delivery],
    now: datetime,
) -> bool:
    """Whether it is no quiet hour or day off: a bot that was off must not make up for it then."""
    at = told_from(now, settings.quiet_hours, teams.calendar(mine[0].team_key))
    if at > now:
        change(connection, [one.id for one in mine], due_at=at)
    return at <= now


def _has_room(
    connection: Connection,
    settings: Settings,
    teams: Teams,
    mine: Sequence[Delivery],
    now: datetime,
) -> bool:
    """Whether the team may have another message today; else it waits for the morning."""
    team_key, channel = mine[0].team_key, mine[0].channel
    if team_key == SITE:
        return True
    calendar = teams.calendar(team_key)
    today = calendar.day_start(calendar.day_of(now))
    if taken_since(connection, team_key, channel, today) < A_DAY:
        return True
    morning = next_morning(now, settings.quiet_hours, calendar)
    change(connection, [one.id for one in mine], due_at=morning)
    return False


def _deliver(
    context: Context,
    clock: Callable[[], datetime],
    send: Send,
    channel: str,
    claimed: Sequence[Delivery],
) -> bool:
    """Send one message and write how that went; whether it arrived."""
    with reading(context.engine) as connection:
        letters = Letters.read(connection, context.settings, context.base_url, clock())
        message = letters.write(connection, claimed)
    outcome = _sent(context, channel, message, send, claimed)
    now = clock()
    with writing(context.engine) as connection:
        note(connection, context.settings, claimed, outcome, now)
    is_first = all(one.attempts == 0 for one in claimed)
    if outcome.way == "sent":
        log.info("message sent", channel=channel, message=message.id)
    elif is_first or outcome.way == "failed":
        log.warning("message not sent", channel=channel, reason=outcome.reason)
    return outcome.way == "sent"


def _sent(
    context: Context,
    channel: str,
    message: Message,
    send: Send,
    claimed: Sequence[Delivery],
) -> Outcome:
    try:
        addresses = addresses_of(context.channel_secret(channel).reveal())
    except ConfigurationError as error:
        return Outcome("failed", reason=str(error))
    reached = set.intersection(*(set(one.reached) for one in claimed))
    try:
        return send(message, addresses, sorted(reached))
    except Exception as error:  # whatever a service's code does, its channel alone suffers
        log.error("sending broke off", channel=channel, error=type(error).__name__)
        return Outcome("retry", reason=f"The sending broke off ({type(error).__name__}).")
