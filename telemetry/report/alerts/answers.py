"""What pages and the API ask about alerts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, func, literal, select

from telemetry.report.alerts.listed import Listed, State, open_count, read_listed
from telemetry.report.alerts.past import PastYear, read_past_year
from telemetry.report.freshness import StoreState
from telemetry.report.teams.team import read_team
from telemetry.settings import Settings
from telemetry.settings.alerting import AlertSettings, default_alerts
from telemetry.store import schema as s
from telemetry.store.mutes import Mute, read_mutes
from telemetry.store.outbox import FAILED as FAILED_FOR_GOOD
from telemetry.store.outbox import GIVEN_UP, SENT, WAITING

WEEKS_SHOWN = timedelta(days=28)
PARTS_READ = 500  # of messages


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """What a channel got in the last four weeks, what waits, and what did not arrive and why."""

    name: str
    sent_count: int
    waiting_count: int
    lost_count: int
    error: str | None


@dataclass(frozen=True, slots=True)
class UnableRow:
    """A rule that cannot tell anything of a team now."""

    team_name: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A look at teams whose facts or day had changed."""

    at: datetime
    milliseconds: int
    team_count: int
    opened_count: int
    worsened_count: int
    resolved_count: int
    error: str | None


@dataclass(frozen=True, slots=True)
class Sending:
    """A message on its way: of how many alerts, of which team ("" of none).

    `digest` is its kind where it is one.
    """

    channel: str
    team_name: str
    digest: str
    state: str
    count: int
    attempts: int
    made_at: datetime
    sent_at: datetime | None
    error: str | None


class AlertReports(StoreState):
    """Answers about alerts. Each method reads one state of the store."""

    _configured_alerts: Sequence[AlertSettings] | None = None

    def follow(self, settings: Settings) -> None:
        """Answer by this configuration from now on."""
        super().follow(settings)
        self._configured_alerts = settings.alerts

    def alert_entries(self, team_key: str) -> dict[str, AlertSettings]:
        """The rules as they are on for a team, by name; by default the default ones."""
        entries = self._configured_alerts
        return {
            one.rule: one
            for one in (default_alerts() if entries is None else entries)
            if one.teams is None or team_key in one.teams
        }

    def past_year(self, team_key: str) -> PastYear | None:
        """What rules would have looked at in the team's past year. Raises NotFound."""
        with self._read() as connection:
            return read_past_year(connection, read_team(connection, team_key))

    def open_alert_count(self) -> int:
        """How many alerts are open."""
        with self._read() as connection:
            return open_count(connection)

    def alerts(
        self,
        team_key: str | None = None,
        state: State | None = None,
        limit: int = 100,
        first: int = 0,
    ) -> list[Listed]:
        """The alerts of a team, or of all, those opened last first. Raises NotFound."""
        with self._read() as connection:
            if team_key is not None:
                read_team(connection, team_key)
            return read_listed(connection, team_key, state, limit, first)

    def mutes(self, now: datetime) -> tuple[Mute, ...]:
        """The mutes in force."""
        with self._read() as connection:
            return read_mutes(connection, now)

    def channels(self, now: datetime) -> list[ChannelRow]:
        """The channels that something was told in, or is to be, in the last four weeks."""
        with self._read() as connection:
            return _channels(connection, now - WEEKS_SHOWN)

    def unable_rules(self) -> list[UnableRow]:
        """Which rules cannot tell anything of which team, and why."""
        t, a = s.teams.c, s.alert_teams.c
        query = (
            select(t.name, a.rules)
            .join_from(s.alert_teams, s.teams, t.key == a.team_key)
            .where(t.is_configured)
            .order_by(t.name)
        )
        with self._read() as connection:
            rows = connection.execute(query).all()
        return [
            UnableRow(row.name, rule, memory["unable"])
            for row in rows
            for rule, memory in row.rules.items()
            if memory["unable"]
        ]

    def evaluations(self, limit: int) -> list[Evaluation]:
        """The last looks at teams, the newest first."""
        columns = [s.evaluations.c[name] for name in Evaluation.__slots__]
        query = select(*columns).order_by(s.evaluations.c.id.desc()).limit(limit)
        with self._read() as connection:
            return [Evaluation(*row) for row in connection.execute(query)]

    def sendings(self, limit: int) -> list[Sending]:
        """The last messages, the newest first: those sent, and those that are tried."""
        with self._read() as connection:
            found = [*_of_alerts(connection, limit), *_of_digests(connection, limit)]
        return sorted(found, key=lambda one: one.made_at, reverse=True)[:limit]


def _of_alerts(connection: Connection, limit: int) -> Iterator[Sending]:
    d, t = s.deliveries.c, s.teams.c
    newest = select(func.max(d.id) - PARTS_READ).scalar_subquery()
    query = (
        select(
            d.channel,
            func.coalesce(func.max(t.name), ""),
            literal(""),
            func.max(d.state),
            func.count(),
            func.max(d.attempts),
            func.min(d.made_at),
            func.max(d.sent_at),
            func.max(d.error),
        )
        .join_from(s.deliveries, s.teams, t.key == d.team_key, isouter=True)
        .where(d.message_id.is_not(None), d.id > newest)
        .group_by(d.message_id, d.channel)
        .order_by(func.max(d.id).desc())
        .limit(limit)
    )
    return (Sending(*row) for row in connection.execute(query))


def _of_digests(connection: Connection, limit: int) -> Iterator[Sending]:
    """Digests, with those that had nothing to say."""
    d, t = s.digests.c, s.teams.c
    query = (
        select(
            d.channel,
            func.coalesce(t.name, ""),
            d.kind,
            d.state,
            literal(1),
            d.attempts,
            d.made_at,
            d.sent_at,
            d.error,
        )
        .join_from(s.digests, s.teams, t.key == d.team_key, isouter=True)
        .order_by(d.id.desc())
        .limit(limit)
    )
    return (Sending(*row) for row in connection.execute(query))


def _channels(connection: Connection, since: datetime) -> list[ChannelRow]:
    sent, waiting, lost = Counter[str](), Counter[str](), Counter[str]()
    for table in (s.deliveries, s.digests):
        d = table.c
        counts = (
            func.count(case((d.state == SENT, d.message_id)).distinct()),
            func.count(case((d.state == WAITING, 1))),
            func.count(case((d.state.in_((FAILED_FOR_GOOD, GIVEN_UP)), 1))),
        )
        query = select(d.channel, *counts).where(d.made_at >= since).group_by(d.channel)
        for row in connection.execute(query):
            sent[row[0]] += row[1]
            waiting[row[0]] += row[2]
            lost[row[0]] += row[3]
    return [
        ChannelRow(
            name,
            sent[name],
            waiting[name],
            lost[name],
            _last_error(connection, name) if lost[name] else None,
        )
        for name in sorted(sent)
    ]


def _last_error(connection: Connection, channel: str) -> str | None:
    found: list[tuple[datetime, str | None]] = []
    for table in (s.deliveries, s.digests):
        d = table.c
        mine = d.channel == channel, d.state.in_((FAILED_FOR_GOOD, GIVEN_UP))
        query = select(d.made_at, d.error).where(*mine).order_by(d.id.desc()).limit(1)
        found += [(row[0], row[1]) for row in connection.execute(query)]
    return max(found, key=lambda one: one[0])[1] if found else None
