"""What is due as a message: alerts as they stand now, with their team's and issues' names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from sqlalchemy import Connection, select

from bot.alerts.routing import site_calendar
from telemetry.alerts.life import GONE
from telemetry.domain.calendar import Calendar
from telemetry.report.teams.team import StoredTeam, read_configured_teams
from telemetry.settings import Settings
from telemetry.store import schema as s
from telemetry.store.alerts import AlertRecord, read_alerts
from telemetry.store.outbox import Delivery
from telemetry.store.terms import present
from telemetry.words.alerts.message import Message, Named, Told, message
from telemetry.words.alerts.said import Said
from telemetry.words.stored import from_json


@dataclass(frozen=True, slots=True)
class Teams:
    """The configured teams by key; what is of no team goes by the general calendar."""

    teams: Mapping[str, StoredTeam]
    general: Calendar

    @classmethod
    def read(cls, connection: Connection, settings: Settings) -> "Teams":
        found = {team.rules.key: team for team in read_configured_teams(connection)}
        return cls(found, site_calendar(settings))

    def calendar(self, team_key: str) -> Calendar:
        """The calendar by which a team's messages are told."""
        team = self.teams.get(team_key)
        return self.general if team is None else team.rules.calendar


@dataclass(frozen=True, slots=True)
class Letters:
    """Writes messages of one configuration at one time."""

    teams: Teams
    web_url: str | None
    shows_titles: bool
    now: datetime

    @classmethod
    def read(
        cls, connection: Connection, settings: Settings, web_url: str | None, now: datetime
    ) -> "Letters":
        return cls(Teams.read(connection, settings), web_url, settings.web.show_summaries, now)

    def write(self, connection: Connection, parts: Sequence[Delivery]) -> Message:
        """The message of deliveries that go together."""
        alerts = read_alerts(connection, [one.alert_id for one in parts])
        team = self.teams.teams.get(parts[0].team_key)
        titles = self._titles(connection, team, alerts.values())
        told = [
            self._told(alerts[one.alert_id], one.kind, team, titles)
            for one in parts
            if one.alert_id in alerts
        ]
        return message(told, parts[0].message_id or "", self._url(parts[0].team_key))

    def _told(
        self,
        alert: AlertRecord,
        kind: str,
        team: StoredTeam | None,
        titles: Mapping[int, Named],
    ) -> Told:
        headline, more = (from_json(one) for one in alert.said)
        return Told(
            kind=kind,
            rule=alert.rule,
            severity=alert.severity,
            team="" if team is None else team.rules.name,
            subject_kind=alert.subject_kind,
            subject=alert.subject_name,
            said=Said(headline, more),
            value=alert.value,
            opened_value=alert.opened_value,
            days=self._lasted(alert),
            is_gone=alert.resolved_because == GONE,
            issues=[titles[one] for one in alert.issue_ids if one in titles],
        )

    def _lasted(self, alert: AlertRecord) -> int:
        """The working days that ended while it was open."""
        calendar = self.teams.calendar(alert.team_key)
        end = alert.resolved_at or self.now
        last = calendar.day_of(end) - timedelta(days=1)
        return calendar.working_days(calendar.day_of(alert.opened_at), last)

    def _url(self, team_key: str) -> str | None:
        if self.web_url is None:
            return None
        base = self.web_url.rstrip("/")
        return f"{base}/teams/{quote(team_key)}" if team_key else f"{base}/alerts"

    def _titles(
        self, connection: Connection, team: StoredTeam | None, alerts: Iterable[AlertRecord]
    ) -> dict[int, Named]:
        """The issues behind the alerts that Jira still has."""
        ids = sorted({issue_id for one in alerts for issue_id in one.issue_ids})
        if team is None or not ids:
            return {}
        i = s.issues.c
        query = select(i.id, i.key, i.summary).where(present(team.rules.site), i.id.in_(ids))
        return {
            row.id: Named(
                row.key, team.issue_url(row.key), row.summary if self.shows_titles else None
            )
            for row in connection.execute(query)
        }
