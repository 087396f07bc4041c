"""One pull of one site: discover, read, write, compute; cursors move last."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Engine

from bot.jira.client import Jira
from bot.jira.discovery import FieldRoles, field_id
from bot.pull.crawl import Crawl
from bot.pull.discovery import find_boards, find_roles, team_rules, with_known
from bot.pull.issues import WORK_LOGS, IssueReader
from bot.pull.progress import Shown
from bot.pull.roster import Roster
from bot.pull.sprints import SprintReader
from bot.pull.state import note_recompute, read_known, write_progressed
from bot.translate import Translator, translate_status
from telemetry.domain.models import Board
from telemetry.facts import preview, refresh
from telemetry.settings import TeamSettings
from telemetry.store.cursors import write_cursor
from telemetry.store.engine import reading, writing
from telemetry.store.teams import mark_pulled, read_teams, write_team
from telemetry.store.tracker import (
    Site,
    read_sprints,
    read_statuses,
    write_boards,
    write_site,
    write_statuses,
)

OVERLAP = timedelta(minutes=5)  # clock skew between Jira's nodes, and its search index's lag


@dataclass(slots=True)
class Result:
    """What a pull of a site came to; `failures` has a sentence for each team that failed."""

    kind: str  # first | incremental | full
    issues_changed: int = 0
    work_logs_changed: int = 0
    facts_changed: int = 0
    failures: Mapping[str, str] = field(default_factory=dict)


class SitePull:
    """One pull of one site. The caller holds the site's lock; `clock` is ours."""

    def __init__(
        self,
        jira: Jira,
        engine: Engine,
        teams: Sequence[TeamSettings],
        pseudonym: Callable[[str], str],
        clock: Callable[[], datetime],
        shown: Shown,
    ) -> None:
        self._jira = jira
        self._engine = engine
        self._roster = Roster(engine, teams, clock)
        self._pseudonym = pseudonym
        self._clock = clock
        self._shown = shown
        with reading(engine) as connection:
            self._known = read_known(connection, jira.site, list(teams))
        self._boards: dict[str, tuple[Board, ...]] = dict(self._known.boards)
        self._recompute: set[str] = set(self._known.recompute)

    def run(self, *, full: bool = False, accept_vanished: bool = False) -> Result:
        """Pull. Raises TrackerError where the site as a whole cannot be pulled."""
        zone = _zone(self._jira.myself())
        began_at = self._jira.server_time().astimezone(UTC)
        reread = {team.key for team in self._roster if full or not self._is_complete(team)}
        result = Result("full" if full else "first" if reread else "incremental")
        roles = self._discover(reread)
        if roles is not None and self._roster:
            crawl = Crawl(
                self._jira,
                self._engine,
                Translator(self._jira.site, roles, self._pseudonym),
                self._statuses(),
                self._shown,
            )
            issues = IssueReader(self._jira, self._engine, crawl, self._roster)
            result.facts_changed += self._read(roles, issues, reread, began_at, zone, full)
            if full:
                self._mark_vanished(issues, began_at, is_accepted=accept_vanished)
            next_work_logs = issues.read_work_logs(began_at)
            crawl.settle_epics()
            for team in self._roster:
                if team.jql is not None and (crawl.read.seen or team.key in reread):
                    self._roster.attempt([team], lambda team=team: issues.read_matches(team))  # type: ignore[misc]
            result.facts_changed += self._finish(roles, crawl, began_at, next_work_logs)
            result.issues_changed = crawl.read.issues_changed
            result.work_logs_changed = crawl.read.work_logs_changed
        result.failures = self._roster.failures
        return result

    def _mark_vanished(self, issues: IssueReader, began_at: datetime, *, is_accepted: bool) -> None:
        projects = {team.project for team in self._roster}
        for project in sorted(projects):
            issues.mark_vanished(project, began_at, is_accepted=is_accepted)
        if self._others() <= {team.key for team in self._roster}:
            issues.mark_left(projects, began_at)

    def _others(self) -> set[str]:
        """The site's configured teams as far as the store knows them."""
        with reading(self._engine) as connection:
            teams = read_teams(connection)
        return {team.rules.key for team in teams if team.rules.site == self._jira.site}

    def _is_complete(self, team: TeamSettings) -> bool:
        return team.key in self._known.progressed

    def _statuses(self) -> list[str]:
        with reading(self._engine) as connection:
            return list(read_statuses(connection, self._jira.site))

    def _discover(self, reread: set[str]) -> FieldRoles | None:
        """What fields mean; boards, fields and statuses are asked for only where needed."""
        if not reread and self._known.roles is not None:
            return self._known.roles
        fields = self._jira.fields()
        self._read_statuses()
        for team in self._roster:
            is_anew = team.key in reread
            self._roster.attempt(
                [team],
                lambda team=team, is_anew=is_anew: self._find(team, fields, is_anew),  # type: ignore[misc]
            )
        if not self._roster:
            return None
        boards = [board for team in self._roster for board in self._boards[team.key]]
        roles = find_roles(fields, self._roster, boards, self._jira.url)
        if self._known.roles is not None and not self._others() <= reread:
            roles = with_known(roles, self._known.roles)
        site = Site(self._jira.site, self._jira.url, self._jira.deployment, roles.to_json())
        with writing(self._engine) as connection:
            write_site(connection, site)
            write_boards(connection, boards)
        return roles

    def _find(self, team: TeamSettings, fields: list[dict[str, Any]], is_anew: bool) -> None:
        if is_anew:
            self._boards[team.key] = find_boards(self._jira, team)
        find_roles(fields, [team], self._boards[team.key], self._jira.url)

    def _read_statuses(self) -> None:
        statuses = [translate_status(self._jira.site, raw) for raw in self._jira.statuses()]
        with writing(self._engine) as connection:
            write_statuses(connection, statuses)

    def _write_rules(self, roles: FieldRoles) -> None:
        """Write the teams' rules; teams whose rules changed are computed anew."""
        with writing(self._engine) as connection:
            statuses = read_statuses(connection, self._jira.site)
            for team in self._roster:
                boards = self._boards[team.key]
                nature = nature_field(team, roles)
                if write_team(connection, team_rules(team, boards, roles, nature, statuses)):
                    note_recompute(connection, team, True)
                    self._recompute.add(team.key)

    def _read(
        self,
        roles: FieldRoles,
        issues: IssueReader,
        reread: set[str],
        began_at: datetime,
        zone: tzinfo,
        full: bool,
    ) -> int:
        """Read sprints and issues: all for the teams in `reread`, changes for the others."""
        sprints = SprintReader(self._jira, self._engine)
        for team in self._roster:
            self._roster.attempt([team], lambda team=team: self._sprints(team, sprints, reread))  # type: ignore[misc]
        sprints.read_foreign()
        self._write_rules(roles)
        changed = 0
        whole = [team for team in self._roster if team.key in reread]
        projects = {team.project for team in whole}
        if whole:
            if roles.epic_link is not None and self._jira.deployment == "datacenter":
                issues.read_epics(projects)
            board_ids = [board.id for team in whole for board in self._boards[team.key]]
            with reading(self._engine) as connection:
                stored = read_sprints(connection, self._jira.site, board_ids)
            recent = [] if full else issues.read_recent(stored)
            if recent:
                as_of = {team.key: began_at for team in whole}
                changed += preview(self._engine, self._jira.site, as_of, recent)
            issues.read_all(projects, stored)
        board_ids = [board.id for team in self._roster for board in self._boards[team.key]]
        rest = [team for team in self._roster if team.project not in projects]
        since = min((self._known.progressed[team.key].since for team in rest), default=began_at)
        open_ids = sprints.open_ids(board_ids)
        issues.read_changes({team.project for team in rest}, open_ids, since - OVERLAP, zone)
        issues.read_strangers({team.project for team in self._roster}, open_ids)
        return changed

    def _sprints(self, team: TeamSettings, sprints: SprintReader, reread: set[str]) -> None:
        boards = self._boards[team.key]
        self._boards[team.key] = sprints.read(boards, everything=team.key in reread)

    def _refresh(self, as_of: Mapping[str, datetime]) -> int:
        anew = frozenset(self._recompute & as_of.keys())
        return refresh(self._engine, self._jira.site, as_of, anew)

    def _finish(
        self, roles: FieldRoles, crawl: Crawl, began_at: datetime, next_work_logs: datetime
    ) -> int:
        """Facts, then cursors: a cursor moves only after its data are written."""
        if crawl.read.has_new_statuses:
            self._read_statuses()
        self._write_rules(roles)
        now = max(began_at, crawl.read.newest_at or began_at)
        as_of = {team.key: max(now, self._known.as_of.get(team.key, now)) for team in self._roster}
        changed = self._refresh(as_of)
        with writing(self._engine) as connection:
            for team in self._roster:
                boards = self._boards[team.key]
                write_boards(connection, boards)
                mark_pulled(connection, team.key, as_of[team.key], self._clock())
                write_progressed(connection, team, began_at, boards)
                if team.key in self._recompute:
                    note_recompute(connection, team, False)
            write_cursor(connection, self._jira.site, WORK_LOGS, next_work_logs.isoformat())
        return changed


def nature_field(team: TeamSettings, roles: FieldRoles) -> str | None:
    """The id of the team's nature field."""
    wanted = team.impediment.nature_field
    if wanted is None:
        return None
    fields = [{"id": one, "name": roles.names.get(one, "")} for one in roles.natures]
    return field_id(fields, wanted, "nature", "this Jira")


def _zone(me: Mapping[str, Any]) -> tzinfo:
    """The time zone in which Jira reads the bot's queries; UTC where it does not say."""
    try:
        return ZoneInfo(str(me.get("timeZone") or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
