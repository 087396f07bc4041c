"""Sends the digests that wait: at least once, each channel by itself, made as figures stand then.

A row and its message's id are written before anything is sent, how it went after it, and a
channel's lock is held meanwhile: who is killed in between sends the same message again.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.alerts.backoff import is_given_up, next_try
from bot.alerts.sender import APART, NO_CHANNEL, side_by_side
from bot.alerts.telling import Teams
from bot.alerts.times import told_from
from bot.alerts.undelivered import note_arrived, note_undelivered
from bot.channels.payload import Picture, Post, Sendable
from bot.channels.sending import Outcome, addresses_of
from bot.channels.sending import send as send_by_apprise
from bot.digests.pictures import Drawings
from telemetry.context import Context
from telemetry.digest.making import make, of_teams
from telemetry.ending import Stopped
from telemetry.errors import ConfigurationError, NotFound, SiteBusy
from telemetry.logs import get_logger
from telemetry.report.reports import Reports
from telemetry.store.digests import (
    DigestRow,
    change_digests,
    read_due_digests,
)
from telemetry.store.engine import reading, writing
from telemetry.store.outbox import DROPPED, FAILED, GIVEN_UP, SENT, last_sent_at
from telemetry.store.pulls import pull_lock
from telemetry.words.digests.digest import Digest

log = get_logger()

NOTHING_NEW = "Nothing changed, so nothing was said."
NO_TEAM = "The team is configured no more."
OVER = "Its day was over before it could be delivered."
Send = Callable[[Sendable, Sequence[str], Sequence[int]], Outcome]


class Unsaid(Exception):
    """Why a digest is not sent at all."""


def send_digests(
    context: Context,
    clock: Callable[[], datetime],
    send: Send = send_by_apprise,
    *,
    pause: Callable[[float], object],
) -> int:
    """Send the digests that are due now; how many messages arrived."""
    with reading(context.engine) as connection:
        channels = [one.channel for one in read_due_digests(connection, clock())]
    return side_by_side(channels, partial(_channel, context, clock, send, pause, Drawings()))


def _channel(
    context: Context,
    clock: Callable[[], datetime],
    send: Send,
    pause: Callable[[float], object],
    drawings: Drawings,
    channel: str,
) -> int:
    """Send what one channel waits for; nothing where another bot does, or alerts are sent."""
    arrived = 0
    try:
        with pull_lock(context.engine, f"~channel {channel}"):
            with reading(context.engine) as connection:
                due = [
                    one for one in read_due_digests(connection, clock()) if one.channel == channel
                ]
            for one in due:
                context.ending.check()
                arrived += _deliver(context, clock, send, pause, drawings, one)
    except (SiteBusy, Stopped):
        pass
    except Exception:
        log.exception("digests not sent", channel=channel)
    return arrived


def _deliver(
    context: Context,
    clock: Callable[[], datetime],
    send: Send,
    pause: Callable[[float], object],
    drawings: Drawings,
    one: DigestRow,
) -> bool:
    """Send one digest and write how that went; whether it arrived."""
    try:
        made = _made(context, one, clock())
    except Unsaid as unsaid:
        with writing(context.engine) as connection:
            change_digests(connection, [one.id], state=DROPPED, error=str(unsaid))
        return False
    with reading(context.engine) as connection:
        last = last_sent_at(connection, one.channel)
    if last is not None and last <= clock() < last + APART:
        pause(APART.total_seconds())
    outcome = _sent(context, one, made, send, partial(drawings.of, context, made, now=clock()))
    with writing(context.engine) as connection:
        _note(connection, context, one, outcome, clock())
    if outcome.way == "sent":
        log.info("digest sent", kind=one.kind, channel=one.channel, message=one.message_id)
    elif one.attempts == 0 or outcome.way == "failed":
        log.warning("digest not sent", channel=one.channel, reason=outcome.reason)
    return outcome.way == "sent"


def _made(context: Context, one: DigestRow, now: datetime) -> Digest:
    """The digest as figures stand now. Raises Unsaid where there is none to send."""
    settings = context.settings
    if one.channel not in settings.channels:
        raise Unsaid(NO_CHANNEL)
    if one.team_key and settings.team(one.team_key) is None:
        raise Unsaid(NO_TEAM)
    reports = Reports.of(settings, context.engine)
    try:
        if one.kind == "portfolio":
            made = of_teams(reports, one.team_keys or None, now, settings.calendar.timezone)
        else:
            made = make(reports, one.kind, one.team_key, now, one.sprint_id)
    except NotFound as error:
        raise Unsaid(f"{error}.") from error
    if made.is_silent:
        raise Unsaid(NOTHING_NEW)
    return made


def _sent(
    context: Context,
    one: DigestRow,
    digest: Digest,
    send: Send,
    draw: Callable[[Sequence[str]], tuple[Picture, ...]],
) -> Outcome:
    try:
        addresses = addresses_of(context.channel_secret(one.channel).reveal())
        post = Post(one.message_id, digest, context.base_url, draw(addresses))
        return send(post, addresses, one.reached)
    except ConfigurationError as error:
        return Outcome("failed", reason=str(error))
    except Exception as error:  # whatever a service's code does, its channel alone suffers
        log.error("sending broke off", channel=one.channel, error=type(error).__name__)
        return Outcome("retry", reason=f"The sending broke off ({type(error).__name__}).")


def _note(
    connection: Connection, context: Context, one: DigestRow, outcome: Outcome, now: datetime
) -> None:
    first_at, attempts = one.first_at or now, one.attempts + 1
    values: dict[str, object] = {
        "attempts": attempts,
        "first_at": first_at,
        "error": outcome.reason,
        "reached": list(outcome.reached),
    }
    settings = context.settings
    if outcome.way == "sent":
        change_digests(connection, [one.id], **values, state=SENT, sent_at=now)
        note_arrived(connection, settings, one.channel, now)
        return
    calendar = Teams.read(connection, settings).calendar(one.team_key)
    again = next_try(attempts, now, outcome.retry_after)
    if told_from(one.told_at, settings.quiet_hours, calendar) == one.told_at:
        again = told_from(again, settings.quiet_hours, calendar)
    is_over = one.kind == "day" and calendar.day_of(again) > calendar.day_of(one.told_at)
    if outcome.way == "retry" and not is_over and not is_given_up(first_at, now, attempts):
        change_digests(connection, [one.id], **values, due_at=again)
        return
    values["state"] = FAILED if outcome.way == "failed" else GIVEN_UP
    change_digests(connection, [one.id], **values)
    note_undelivered(connection, settings, one.channel, outcome.reason or OVER, now)
