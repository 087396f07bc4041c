"""Random schedules: facts that change, kills, channels that are down, two bots, jumping clocks.

What holds in every one: what should be told arrives, nothing is told twice but by a message that
was sent again after a kill, nothing that was over before its time, nothing by night or on a day
off, at most three messages a day in a channel.
"""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from bot.channels.sending import Outcome
from telemetry.domain.calendar import Calendar
from telemetry.store import schema as s
from telemetry.store.engine import reading, writing
from telemetry.store.mutes import add_mute, end_mute, read_mutes
from telemetry.words.alerts.message import Message
from tests.alerts.desk import SENT, Desk, Killed

SEEDS = 1000
STEPS = 25
CHANNELS = ("chat", "mail")
# as tests.bench.teams has them: by the team's number
CALENDARS = {
    1: Calendar(timezone="UTC", holidays="FR"),
    2: Calendar(timezone="America/New_York", holidays="FR"),
}
TRY_AGAIN = Outcome("retry", reason="It answered 500, an error of its own.")


class Schedule(Desk):
    """One random schedule; `failures` are what did not hold."""

    def __init__(self, seed: int, engine: Engine, folder: Path) -> None:
        self.chance = random.Random(seed)
        self.failures: list[str] = []
        self.counts: Counter[str] = Counter()
        self.down: set[str] = set()
        self.kill: str | None = None
        self.again: set[str] = set()  # messages that may be sent again
        self.seen: dict[tuple[int, str, str], str] = {}
        self.days: Counter[tuple[str, str, object]] = Counter()
        channels = {name: {"url": f"env:{name.upper()}"} for name in CHANNELS}
        quiet = {"from": "19:00", "to": "08:00"}
        rules = [{"rule": "scope_grown"}, {"rule": "unestimated", "for_working_days": 1}]
        super().__init__(engine, folder, channels=channels, quiet_hours=quiet, alerts=rules)

    def send(self, message: Message, addresses: Sequence[str], reached: Sequence[int]) -> Outcome:
        channel = addresses[0].removeprefix("json://")
        if self.kill == "before":
            self.kill = None
            raise Killed
        if channel in self.down:
            return TRY_AGAIN
        self._arrives(channel, message)
        if self.kill == "after":
            self.kill = None
            self.again.add(message.id)
            raise Killed
        return SENT

    def _arrives(self, channel: str, message: Message) -> None:
        self.counts["arrived"] += 1
        with reading(self.engine) as connection:
            d, a = s.deliveries.c, s.alerts.c
            query = (
                s.deliveries.join(s.alerts, a.id == d.alert_id)
                .select()
                .with_only_columns(
                    d.alert_id, d.kind, d.team_key, a.resolved_at, a.resolved_because
                )
                .where(d.message_id == message.id, d.state == "waiting")
            )
            parts = connection.execute(query).all()
        if not parts:
            self.failures.append(f"an empty message {message.id} arrived")
            return
        is_again = False
        for alert_id, kind, _, resolved_at, because in parts:
            known = self.seen.get((alert_id, kind, channel))
            if known is not None:
                is_again = True
                if known != message.id or message.id not in self.again:
                    self.failures.append(f"{kind} of alert {alert_id} was told twice in {channel}")
            self.seen[alert_id, kind, channel] = message.id
            if kind != "resolved" and resolved_at is not None and because != "event":
                self.failures.append(f"alert {alert_id} was told although it was over")
        self._in_time(parts[0].team_key, channel, is_again)

    def _in_time(self, team_key: str, channel: str, is_again: bool) -> None:
        calendar = CALENDARS[int(team_key.removeprefix("team-"))]
        local = self.now.astimezone(ZoneInfo(calendar.timezone))
        if not 8 <= local.hour < 19 or not calendar.is_working_day(local.date()):
            self.failures.append(f"{team_key} was told at {local}")
        if not is_again:
            self.days[team_key, channel, local.date()] += 1
            if self.days[team_key, channel, local.date()] > 3:
                self.failures.append(f"{team_key} was told a fourth time on {local.date()}")

    def run(self) -> None:
        """All steps, then what must have arrived when all is well again."""
        for _ in range(STEPS):
            self._step()
        self._end()

    def _step(self) -> None:
        acts = {
            "grow": 5,
            "wait": 6,
            "down": 2,
            "up": 2,
            "kill": 2,
            "mute": 1,
            "unmute": 1,
            "configure": 1,
            "back": 1,
            "two": 1,
        }
        [act] = self.chance.choices(list(acts), list(acts.values()))
        self.counts[act] += 1
        getattr(self, f"_{act}")()
        self._look()

    def _look(self) -> None:
        try:
            found = self.look()
            self.failures += found.errors
            self.deliver()
        except Killed:
            self.counts["killed"] += 1

    def _grow(self) -> None:
        points = self.chance.choice((0.0, 4.0, 7.0, 10.0, 16.0, 30.0))
        count = self.chance.choice((0, 1, 3, 6))
        self.grow(points, self.chance.choice((1, 2)), unestimated_count=count)

    def _wait(self) -> None:
        self.now += timedelta(minutes=self.chance.choice((1, 10, 60, 300, 900, 1500)))

    def _back(self) -> None:
        """Our clock was wrong and is set right."""
        self.now -= timedelta(seconds=self.chance.choice((1, 30, 90)))

    def _down(self) -> None:
        self.down.add(self.chance.choice(CHANNELS))

    def _up(self) -> None:
        self.down.clear()

    def _kill(self) -> None:
        self.kill = self.chance.choice(("before", "after"))

    def _mute(self) -> None:
        team, rule = self.chance.choice((1, 2)), self.chance.choice((None, "scope_grown"))
        until = self.now + timedelta(hours=self.chance.choice((1, 30)))
        with writing(self.engine) as connection:
            add_mute(connection, f"team-{team}", rule, until, self.now, "chance")

    def _unmute(self) -> None:
        with writing(self.engine) as connection:
            for one in read_mutes(connection, self.now):
                end_mute(connection, one.id, self.now, "chance")

    def _configure(self) -> None:
        percent = self.chance.choice((15, 20, 40))
        rules = [{"rule": "scope_grown", "threshold_percent": percent}]
        if self.chance.random() < 0.7:
            rules.append({"rule": "unestimated", "for_working_days": 1})
        self.configure(alerts=rules)

    def _two(self) -> None:
        """Another bot looks at the same moment."""
        self._look()

    def _end(self) -> None:
        """Channels answer, nobody is killed: within some days all is told."""
        self.down.clear()
        self.kill = None
        for _ in range(6):  # over a weekend and a holiday, at an hour at which all may be told
            tomorrow = self.now + timedelta(days=1)
            self.now = tomorrow.replace(hour=15, minute=0, second=0)
            self._look()
        with reading(self.engine) as connection:
            d, a = s.deliveries.c, s.alerts.c
            waiting = connection.execute(d.id.table.select().where(d.state == "waiting")).all()
            for row in waiting:
                self.failures.append(f"delivery {row.id} ({row.kind}, {row.channel}) still waits")
            of_teams = s.alerts.select().where(a.open_key.is_not(None), a.team_key != "")
            for alert in connection.execute(of_teams):
                rows = connection.execute(
                    s.deliveries.select().where(d.alert_id == alert.id, d.kind == "opened")
                ).all()
                self._has_arrived(alert.id, alert.is_silent, rows)

    def _has_arrived(self, alert_id: int, is_silent: bool, rows: Sequence[object]) -> None:
        if is_silent:
            return
        states = {row.channel: (row.state, row.error) for row in rows}  # type: ignore[attr-defined]
        for channel in CHANNELS:
            state, error = states.get(channel, ("absent", None))
            is_muted = state == "dropped" and error == "It was muted."
            if state not in ("sent", "given_up") and not is_muted:
                self.failures.append(f"open alert {alert_id} is {state} in {channel} ({error})")
            if state == "sent" and (alert_id, "opened", channel) not in self.seen:
                self.failures.append(f"alert {alert_id} counts as told in {channel} and was not")
