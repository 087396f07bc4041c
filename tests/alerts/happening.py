"""What happens in a random schedule to teams, channels, clocks and settings, and when bots die."""

import random
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from sqlalchemy import select

from telemetry.store import schema as s
from telemetry.store.engine import reading, writing
from telemetry.store.mutes import add_mute, end_mute, read_mutes
from telemetry.store.teams import mark_pulled, raise_facts_version
from tests.alerts.ground import TEAMS, Ground
from tests.bench.teams import NOW

COMMITTED = 40.0
CHANNELS = ("chat", "mail")
DIGEST_AT = time(10)
SERVICES = ("chat", "mail", "post")  # two of them at the addresses of one channel
WAITS = (1, 10, 30, 60, 120, 300, 900, 1500)  # minutes


@dataclass(slots=True)
class TeamNow:
    """A team's running sprint: its id, the points it grew by, what nobody estimated.

    `closed` are sprints that were closed since `watched` rules were last looked at.
    """

    sprint_id: int
    grown_points: float = 0.0
    unestimated_count: int = 0
    closed: list[int] = field(default_factory=list)


class Happening:
    """Teams, channels, clocks and settings; each act says what it did, if there is more to say.

    `now` is the bot's clock, which is `ahead` of the right time.
    """

    def __init__(self, seed: int, ground: Ground) -> None:
        self.chance = random.Random(seed)
        self.ground = ground
        self.engine = ground.engine
        ground.renew()
        self.now = NOW
        self.ahead = timedelta()
        self.down: set[str] = set()
        self.refusing: set[str] = set()
        self.commits_left = 0  # of a look, until the bot that is at work is killed
        self.killed_in: tuple[str, str] | None = None  # a service, and before or after it answers
        self.teams = {number: TeamNow(self._running(number)) for number in TEAMS}
        self.settings: dict[str, Any] = {
            "channels": {name: {"url": f"env:{name.upper()}"} for name in CHANNELS},
            "admin": {"channels": ["chat"]},
            "quiet_hours": {"from": "19:00", "to": "08:00"},
            "alerts": _rules(20, is_wide=True),
            "digests": [{"kind": "portfolio", "at": f"{DIGEST_AT:%H:%M}"}],
        }
        for number in TEAMS:
            self.pulled(number)

    def _running(self, number: int) -> int:
        c = s.sprints.c
        query = select(c.id).where(c.board_id == number, c.state == "active")
        with reading(self.engine) as connection:
            return int(connection.execute(query).scalar_one())

    def _pull(self) -> str:
        team = self.chance.choice(TEAMS)
        self.teams[team].grown_points = self.chance.choice((0.0, 4.0, 7.0, 10.0, 16.0, 30.0))
        self.teams[team].unestimated_count = self.chance.choice((0, 1, 3, 6))
        self.pulled(team)
        return f"{team}: {self.teams[team]}"

    def pulled(self, number: int) -> None:
        """What a pull finds of a team's running sprint."""
        team, key, f = self.teams[number], f"team-{number}", s.sprint_facts
        given = {
            "added_points": team.grown_points,
            "removed_points": 0.0,
            "reestimated_points": 0.0,
            "committed_points": COMMITTED,
            "unestimated_count": team.unestimated_count,
        }
        mine = f.c.team_key == key, f.c.sprint_id == team.sprint_id
        right = self.now - self.ahead
        with writing(self.engine) as connection:
            assert connection.execute(f.update().where(*mine).values(**given)).rowcount
            mark_pulled(connection, key, right, self.now)
            raise_facts_version(connection, key)

    def _close(self) -> str:
        """A sprint is closed, and the next one begins."""
        number = self.chance.choice(TEAMS)
        team, p, f = self.teams[number], s.sprints, s.sprint_facts
        right = self.now - self.ahead
        following = {
            "id": team.sprint_id + 1,
            "started_at": right,
            "planned_start_at": right,
            "planned_end_at": right + timedelta(days=14),
        }
        with writing(self.engine) as connection:
            [sprint] = connection.execute(p.select().where(p.c.id == team.sprint_id)).mappings()
            mine = f.c.team_key == f"team-{number}", f.c.sprint_id == team.sprint_id
            [facts] = connection.execute(f.select().where(*mine)).mappings()
            over = {"state": "closed", "completed_at": right}
            connection.execute(p.update().where(p.c.id == team.sprint_id).values(**over))
            connection.execute(p.insert().values(dict(sprint) | following))
            connection.execute(f.insert().values(dict(facts) | {"sprint_id": following["id"]}))
        closed = [*team.closed, team.sprint_id]
        self.teams[number] = TeamNow(team.sprint_id + 1, closed=closed)
        self.pulled(number)
        return f"sprint {team.sprint_id}"

    def _wait(self) -> None:
        self.now += timedelta(minutes=self.chance.choice(WAITS))

    def _back(self) -> None:
        """Our clock was a little wrong and is set right."""
        self.now -= timedelta(seconds=self.chance.choice((1, 30, 90)))

    def _jump(self) -> str:
        """Our clock is wrong by hours or days, until the next jump sets it right."""
        ahead = timedelta()
        if not self.ahead:
            ahead = timedelta(hours=self.chance.choice((-30, -5, -1, 1, 5, 30, 50)))
        self.now += ahead - self.ahead
        self.ahead = ahead
        return f"ahead by {ahead}"

    def _down(self) -> str:
        service = self.chance.choice(SERVICES)
        self.down.add(service)
        return service

    def _up(self) -> None:
        self.down.clear()

    def _refuse(self) -> str:
        service = self.chance.choice(SERVICES)
        self.refusing.add(service)
        return service

    def _kill(self) -> str:
        """The next bot at work is killed: before a transaction of a look ends, or as it sends."""
        if self.chance.random() < 0.4:
            self.commits_left = self.chance.randrange(1, 4)
            return f"before transaction {self.commits_left}"
        self.killed_in = self.chance.choice(SERVICES), self.chance.choice(("before", "after"))
        return " ".join(self.killed_in)

    def _mute(self) -> str:
        team, rule = self.chance.choice(TEAMS), self.chance.choice((None, "scope_grown"))
        until = self.now + timedelta(hours=self.chance.choice((1, 30)))
        with writing(self.engine) as connection:
            add_mute(connection, f"team-{team}", rule, until, self.now, "chance")
        return f"{rule} of {team} until {until:%d %b %H:%M}"

    def _unmute(self) -> None:
        with writing(self.engine) as connection:
            for one in read_mutes(connection, self.now):
                end_mute(connection, one.id, self.now, "chance")

    def _configure(self) -> object:
        """Other thresholds, fewer or more rules."""
        percent = self.chance.choice((15, 20, 40))
        rules = _rules(percent, is_wide=self.chance.random() < 0.7)
        if self.chance.random() < 0.1:
            rules = rules[1:]
        self.settings = self.settings | {"alerts": rules}
        return rules

    def _route(self) -> object:
        """A channel goes or comes back, and quiet hours are others."""
        names = self.chance.choice((CHANNELS, CHANNELS, CHANNELS[:1]))
        quiet = self.chance.choice((("19:00", "08:00"), ("17:30", "09:30")))
        self.settings = self.settings | {
            "channels": {name: {"url": f"env:{name.upper()}"} for name in names},
            "quiet_hours": dict(zip(("from", "to"), quiet, strict=True)),
        }
        return names, quiet


def _rules(percent: int, *, is_wide: bool) -> list[dict[str, object]]:
    rules: list[dict[str, object]] = [{"rule": "scope_grown", "threshold_percent": percent}]
    if is_wide:
        rules.append({"rule": "unestimated", "for_working_days": 1})
        rules.append({"rule": "sprint_closed"})
    return rules
