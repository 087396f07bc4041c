"""A bot's alerts over a real store, at a clock that the test sets, with recorded sending."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from bot.alerts.carrying import Evaluation
from bot.alerts.evaluate import evaluate
from bot.alerts.sender import send_due
from bot.channels.sending import Outcome
from telemetry.context import Context
from telemetry.store import schema as s
from telemetry.store.engine import reading, writing
from telemetry.store.teams import raise_facts_version
from telemetry.words.alerts.message import Message
from telemetry.words.plain import plain
from tests.bench.teams import NOW, fill
from tests.pulled import a_team, configure, url_of

URL = "https://jira.example.com"
SENT = Outcome("sent", (0,))
HOUR = timedelta(hours=1)


class Killed(BaseException):
    """What ends the bot between two steps."""


class Desk:
    """A store filled with invented teams; `outcomes` are what sending to a channel comes to."""

    def __init__(self, engine: Engine, folder: Path, teams: int = 2, **settings: Any) -> None:
        fill(engine, teams, 8)
        self.engine, self.folder, self.teams = engine, folder, teams
        self.now = NOW
        self.outcomes: dict[str, list[Outcome | BaseException]] = {}
        self.arrived: list[tuple[str, Message]] = []
        self.settings = {
            "channels": {"chat": {"url": "env:CHAT"}},
            "quiet_hours": None,
            "alerts": [{"rule": "scope_grown"}],
        } | settings
        self.configure()
        for team in range(1, teams + 1):
            self.grow(0.0, team)

    def configure(self, **settings: Any) -> None:
        """Go on with another configuration."""
        self.settings |= settings
        teams = [
            a_team(f"team-{n}", f"T{n}", site="jira", calendar={"timezone": "UTC"})
            for n in range(self.teams)
        ]
        auth = {"kind": "token", "user": "bot@example.com", "secret": "env:JIRA_TOKEN"}
        jira = {"jira": {"url": URL, "auth": auth}}
        made = configure(self.folder, URL, url_of(self.engine), teams, jira=jira, **self.settings)
        secrets = {name.upper(): f"json://{name}" for name in self.settings["channels"]}
        self.context = Context(made.path, made.environ | secrets)
        self.context.settings  # noqa: B018 (read now: the file is written again)
        self.context.engine = self.engine

    def send(self, message: Message, addresses: Sequence[str], reached: Sequence[int]) -> Outcome:
        channel = addresses[0].removeprefix("json://")
        outcome = SENT
        if self.outcomes.get(channel):
            answers = self.outcomes[channel]
            found = answers.pop(0) if len(answers) > 1 else answers[0]
            if isinstance(found, BaseException):
                raise found
            outcome = found
        if outcome.way == "sent":
            self.arrived.append((channel, message))
            outcome = replace(outcome, reached=tuple(range(len(addresses))))
        return outcome

    def look(self, **options: Any) -> Evaluation:
        return evaluate(self.engine, self.context.settings, self.now, **options)

    def deliver(self) -> None:
        """Send all that is due, a second apart."""
        for _ in range(20):
            if not send_due(self.context, lambda: self.now, self.send):
                break
            self.now += timedelta(seconds=1)

    def round(self, after: timedelta = timedelta()) -> list[str]:
        """Look and deliver; what arrived, as text."""
        self.now += after
        before = len(self.arrived)
        assert self.look().errors == []
        self.deliver()
        return [self.text(message) for _, message in self.arrived[before:]]

    def text(self, message: Message) -> str:
        return "\n".join(plain(line) for line in message.lines).replace("\u202f", " ")

    def grow(self, points: float, team: int = 1, **values: Any) -> None:
        """Let a team's running sprint have grown, or other figures, as a pull would find it."""
        given = {
            "added_points": points,
            "removed_points": 0.0,
            "reestimated_points": 0.0,
            "committed_points": 40.0,
        } | values
        f = s.sprint_facts
        running = select(s.sprints.c.id).where(
            s.sprints.c.state == "active", s.sprints.c.board_id == team
        )
        with writing(self.engine) as connection:
            mine = f.c.team_key == f"team-{team}", f.c.sprint_id.in_(running)
            assert connection.execute(f.update().where(*mine).values(**given)).rowcount
            pulled = s.teams.update().where(s.teams.c.key == f"team-{team}")
            connection.execute(pulled.values(as_of=self.now))
            raise_facts_version(connection, f"team-{team}")

    def close(self, team: int = 1) -> None:
        """Close the team's running sprint."""
        p = s.sprints
        with writing(self.engine) as connection:
            mine = p.c.state == "active", p.c.board_id == team
            values = {"state": "closed", "completed_at": self.now}
            assert connection.execute(p.update().where(*mine).values(**values)).rowcount
            raise_facts_version(connection, f"team-{team}")

    def rows(self, table: Any, *names: str) -> list[tuple[Any, ...]]:
        with reading(self.engine) as connection:
            query = select(*(table.c[name] for name in names)).order_by(table.c.id)
            return [tuple(row) for row in connection.execute(query)]

    def unable(self, rule: str) -> str | None:
        """Why a rule could not tell anything of the first team at the last look."""
        with reading(self.engine) as connection:
            query = select(s.alert_teams.c.rules).where(s.alert_teams.c.team_key == "team-1")
            return connection.scalar(query)[rule]["unable"]

    def alerts(self) -> list[tuple[Any, ...]]:
        return self.rows(s.alerts, "team_key", "rule", "resolved_because")

    def deliveries(self) -> list[tuple[Any, ...]]:
        return self.rows(s.deliveries, "channel", "kind", "state")
