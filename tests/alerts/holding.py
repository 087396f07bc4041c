"""What holds in every schedule, whatever happens: told from what arrived and what is stored.

What should be told arrives, or is given up after a day, or was muted, or was over by then; nothing
is told twice but a message that was sent again after a kill; nothing that was over before its time,
no change or end of what was never told; nothing by night or on a day off; of a team at most three
messages a day in a channel.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Row, and_, or_, select

from bot.alerts.backoff import GIVEN_UP_AFTER, LEAST_TRIES
from bot.alerts.routing import site_calendar
from bot.alerts.sender import A_DAY, NO_CHANNEL
from bot.alerts.writing import MUTED, RESOLVED_UNTOLD
from bot.channels.payload import Post
from telemetry.domain.calendar import Calendar
from telemetry.settings import Settings
from telemetry.store import schema as s
from telemetry.store.alerts import SITE
from telemetry.store.engine import reading
from telemetry.words.alerts.message import Message

# as tests.bench.teams has them: by the team's number
CALENDARS = {
    "team-1": Calendar(timezone="UTC", holidays="FR"),
    "team-2": Calendar(timezone="America/New_York", holidays="FR"),
}
A, D = s.alerts.c, s.deliveries.c
Key = tuple[int, str, str, str]  # alert, kind, channel, and the service at one of its addresses


@dataclass(slots=True)
class Holding:
    """`failures` are what did not hold, each a sentence."""

    engine: Engine
    failures: list[str] = field(default_factory=list)
    arrived: int = 0
    _seen: dict[Key, str] = field(default_factory=dict)  # with the message's id
    _begun: dict[str, list[Row[Any]]] = field(default_factory=dict)  # what messages tell
    _again: set[str] = field(default_factory=set)  # messages that may be sent again
    _tries: dict[str, list[datetime]] = field(default_factory=dict)  # that failed, by message
    _refused: set[str] = field(default_factory=set)
    _days: Counter[tuple[str, str, object]] = field(default_factory=Counter)
    _newest: int = 0

    def begins(self, message: Message) -> None:
        """A message goes to a channel: what it tells is true by now, whatever comes meanwhile."""
        with reading(self.engine) as connection:
            self._begun[message.id] = parts = _parts(connection, message.id)
        if not parts:
            self.failures.append(f"an empty message {message.id} is sent")
        for part in parts:
            is_over = part.resolved_at is not None and part.resolved_because != "event"
            if part.state == "waiting" and is_over and part.kind != "resolved":
                what = f"{part.kind} of alert {part.alert_id}"
                self.failures.append(f"{what} is told although it was over")

    def arrives(
        self, channel: str, service: str, message: Message, now: datetime, settings: Settings
    ) -> None:
        """A message reached one of the services of a channel."""
        self.arrived += 1
        parts = self._begun[message.id]
        is_again = message.id in self._again
        for part in parts:
            self._tells(part, channel, service, message.id)
        self._in_time(parts[0].team_key, service, now, settings, is_again=is_again)

    def _tells(self, part: Row[Any], channel: str, service: str, message_id: str) -> None:
        what = f"{part.kind} of alert {part.alert_id} in {service}"
        key = (part.alert_id, part.kind, channel, service)
        known = self._seen.get(key)
        if known is not None and (known != message_id or message_id not in self._again):
            self.failures.append(f"{what} was told twice")
        self._seen[key] = message_id
        is_told = self._was_told(part.alert_id, "opened", channel)
        may_be = part.kind == "resolved" and self._was_killed(part.alert_id, channel)
        if part.kind != "opened" and not (is_told or may_be):
            self.failures.append(f"{what} was told, that it opened was not")

    def _was_killed(self, alert_id: int, channel: str) -> bool:
        """Whether who sent it was killed meanwhile: nobody can know whether it arrived."""
        query = select(D.message_id).where(
            D.alert_id == alert_id, D.channel == channel, D.kind == "opened"
        )
        with reading(self.engine) as connection:
            return not self._again.isdisjoint(connection.scalars(query))

    def _in_time(
        self, team_key: str, service: str, now: datetime, settings: Settings, *, is_again: bool
    ) -> None:
        calendar = site_calendar(settings) if team_key == SITE else CALENDARS[team_key]
        local, quiet = now.astimezone(ZoneInfo(calendar.timezone)), settings.quiet_hours
        is_quiet = quiet is not None and not quiet.end <= local.time() < quiet.start
        if is_quiet or not calendar.is_working_day(local.date()):
            self.failures.append(f"{team_key} was told at {local}")
        if not is_again and team_key != SITE:
            self._days[team_key, service, local.date()] += 1
            if self._days[team_key, service, local.date()] > A_DAY:
                self.failures.append(f"{team_key} was told once more on {local.date()}")

    def _was_told(self, alert_id: int, kind: str, channel: str) -> bool:
        """Whether any service of a channel was told."""
        return any(key[:3] == (alert_id, kind, channel) for key in self._seen)

    def fails(self, message: Message, now: datetime) -> None:
        """A channel did not answer."""
        self._tries.setdefault(message.id, []).append(now)

    def refuses(self, message: Message) -> None:
        """A channel will not have a message, now or later."""
        self._refused.add(message.id)

    def may_come_again(self, message: Message | Post) -> None:
        """Who sent a message, or a digest, was killed before that was noted."""
        self._again.add(message.id)

    def is_again(self, message_id: str) -> bool:
        """Whether a message may be sent again."""
        return message_id in self._again

    def looked(self, settings: Settings, figures: Mapping[str, tuple[float, int]]) -> None:
        """A look ended; `figures` are how much of the commitment each team's sprint grew by (%).

        And how many of its issues have no estimate.
        """
        rules = {entry.rule: entry for entry in settings.alerts or ()}
        with reading(self.engine) as connection:
            here = connection.execute(select(A.team_key, A.rule).where(A.resolved_at.is_(None)))
            is_open = {(row.team_key, row.rule) for row in here}
        for team_key, (grown, unestimated) in figures.items():
            if "scope_grown" in rules:
                limit = rules["scope_grown"].threshold("threshold_percent")
                self._agrees(team_key, "scope_grown", grown / limit, is_open)
            if "unestimated" in rules and unestimated <= 1:
                self._agrees(team_key, "unestimated", 0, is_open)
        self.failures += [
            f"{team_key} has an open alert of {rule}, which is off"
            for team_key, rule in is_open
            if team_key != SITE and rule not in rules
        ]
        self.opened(settings)

    def opened(self, settings: Settings) -> None:
        """What a look opened, one that was killed included, is for the channels of then."""
        with reading(self.engine) as connection:
            fresh = connection.execute(s.alerts.select().where(A.id > self._newest)).all()
            rows = select(D.alert_id, D.channel).where(D.alert_id > self._newest)
            told = {tuple(row) for row in connection.execute(rows.where(D.kind == "opened"))}
        for alert in fresh:
            self._newest = max(self._newest, alert.id)
            self._is_to_be_told(alert, told, settings.channels)

    def closed(self, sprint_ids: set[int], *, is_told: bool) -> None:
        """These sprints were closed since the last look: each is one event, where it is told."""
        if not sprint_ids:
            return
        with reading(self.engine) as connection:
            query = select(A.subject_id).where(A.rule == "sprint_closed")
            found = Counter(int(one) for one in connection.scalars(query))
        for sprint_id in sprint_ids:
            if found[sprint_id] != is_told:
                self.failures.append(f"the end of sprint {sprint_id} has {found[sprint_id]} alerts")

    def _agrees(
        self, team_key: str, rule: str, share: float, is_open: set[tuple[Any, ...]]
    ) -> None:
        """An alert is open beyond its threshold, and over below three quarters of it."""
        if (team_key, rule) in is_open:
            if share < 0.75:
                self.failures.append(f"{rule} of {team_key} is open at {share:.0%} of its limit")
        elif share > 1:
            self.failures.append(f"{rule} of {team_key} is not open at {share:.0%} of its limit")

    def _is_to_be_told(
        self, alert: Row[Any], told: set[tuple[Any, ...]], channels: Iterable[str]
    ) -> None:
        if alert.team_key == SITE:
            return
        if alert.is_silent:
            self.failures.append(f"alert {alert.id} ({alert.rule}) opened without a word")
        for channel in channels:
            if (alert.id, channel) not in told:
                self.failures.append(f"alert {alert.id} ({alert.rule}) is not for {channel}")

    def end(self) -> None:
        """All is well again since days: nothing waits, and what was not told has its reason."""
        with reading(self.engine) as connection:
            alerts = {row.id: row for row in connection.execute(s.alerts.select())}
            rows = connection.execute(s.deliveries.select().order_by(D.id)).all()
            mutes = connection.execute(s.mutes.select()).all()
        told = {(row.alert_id, row.channel): row for row in rows if row.kind == "opened"}
        ended = {(row.alert_id, row.channel) for row in rows if row.kind == "resolved"}
        for row in rows:
            reason = self._why_untold(row, alerts[row.alert_id], mutes)
            if reason is not None:
                self.failures.append(f"{row.kind} of alert {row.alert_id}, {row.channel}: {reason}")
        for key, row in told.items():
            alert = alerts[row.alert_id]
            is_over = alert.resolved_because in ("below", "gone")
            if not is_over or key in ended:
                continue
            if self._was_told(alert.id, "opened", row.channel) and row.state == "dropped":
                self.failures.append(f"that alert {alert.id}, which arrived, is over is untold")
            if row.sent_at <= alert.resolved_at if row.state == "sent" else row.reached:
                self.failures.append(f"that alert {alert.id} is over is not told in {row.channel}")

    def _why_untold(self, row: Row[Any], alert: Row[Any], mutes: Iterable[Row[Any]]) -> str | None:
        """What is wrong with how a delivery ended; None where it is right."""
        match row.state:
            case "sent":
                is_seen = self._was_told(row.alert_id, row.kind, row.channel)
                return None if is_seen else "it counts as told and was not"
            case "given_up":
                tries = self._tries.get(row.message_id, [])
                is_long = len(tries) >= LEAST_TRIES and max(tries) - min(tries) >= GIVEN_UP_AFTER
                return None if is_long else f"it was given up after {len(tries)} tries"
            case "failed":
                return None if row.message_id in self._refused else "nobody refused it"
            case "dropped" if row.error == MUTED:
                is_mute = any(
                    one.team_key == row.team_key and one.rule in (None, alert.rule) for one in mutes
                )
                return None if is_mute else "nobody muted it"
            case "dropped" if row.error == RESOLVED_UNTOLD:
                return None if alert.resolved_at is not None else "it is not over"
            case "dropped" if row.error == NO_CHANNEL:
                return None
            case _:
                return f"it is {row.state} ({row.error})"


def _parts(connection: Connection, message_id: str) -> list[Row[Any]]:
    """What a message tells, with how its alerts stand.

    That a channel is reached again may be found out just now, by who sends to that one.
    """
    columns = (D.alert_id, D.kind, D.team_key, D.state, A.resolved_at, A.resolved_because)
    query = select(*columns).join_from(s.deliveries, s.alerts, A.id == D.alert_id)
    is_told = or_(D.state == "waiting", and_(D.state == "dropped", D.team_key == SITE))
    return list(connection.execute(query.where(D.message_id == message_id, is_told)))
