"""The steps of one pull, between finding out what things mean and writing how far it came."""

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import partial

from sqlalchemy import Engine

from bot.jira.client import Jira
from bot.pull.beside import read_aside
from bot.pull.compare import Comparison, Count
from bot.pull.crawl import Crawl, Keep
from bot.pull.discovery import Discovery
from bot.pull.issues import IssueReader
from bot.pull.order import (
    Kind,
    Result,
    Wanted,
)
from bot.pull.roster import Roster
from bot.pull.sprints import SprintReader
from bot.pull.state import Known
from bot.pull.work_logs import WorkLogReader, WorkLogs
from bot.translate.fields import FieldRoles
from telemetry.domain.models import Issue, Sprint
from telemetry.errors import NoBoard
from telemetry.facts import preview
from telemetry.settings import TeamSettings
from telemetry.store.engine import reading, writing
from telemetry.store.healing import Healed
from telemetry.store.issues import (
    key_doubles,
    known_among,
    known_issue_ids,
    mark_gone,
    strangers,
)
from telemetry.store.reach import (
    epics_of,
    has_news,
    kept_projects,
    own_board_ids,
    unreached,
)
from telemetry.store.teams import read_team
from telemetry.store.tracker import read_sprints, read_sprints_by_id

OVERLAP = timedelta(minutes=5)  # clock skew between Jira's nodes, and its search index's lag


@dataclass(frozen=True, slots=True)
class Site:
    """What all steps of one pull of a site stand on.

    `projects` are those of all configured teams of the site; `zone` is that in which Jira reads
    queries, and `leeway` how far it may be off; `began_at` is Jira's clock and `asked_at` ours.
    """

    jira: Jira
    engine: Engine
    roster: Roster
    known: Known
    projects: frozenset[str]
    wanted: Wanted
    kind: Kind
    began_at: datetime
    asked_at: datetime
    zone: tzinfo
    leeway: timedelta


class Steps:
    """The steps, to be called in their order."""

    def __init__(
        self,
        site: Site,
        pool: ThreadPoolExecutor,
        discovery: Discovery,
        roles: FieldRoles,
        sprints: SprintReader,
        crawl: Crawl,
        result: Result,
        healed: Healed,
    ) -> None:
        self._site = site
        self._healed = healed
        self._pool = pool
        self._discovery = discovery
        self._roles = roles
        self._sprints = sprints
        self._crawl = crawl
        self._result = result
        self._issues = IssueReader(
            site.jira,
            site.engine,
            crawl,
            site.roster,
            roles,
            site.zone,
            accepts_vanished=site.wanted.accept_vanished,
        )
        self._comparison = Comparison(
            site.jira,
            site.engine,
            crawl,
            site.roster,
            result,
            site.began_at,
            accept_vanished=site.wanted.accept_vanished,
        )
        self.count: Count | None = None

    def read_sprints(self) -> None:
        """Read the teams' sprints, and those of other boards that matter to them."""
        boards = self._discovery.boards
        for team in self._site.roster:
            self._sprints.ask(boards[team.key], lambda _: True)

        def read(team: TeamSettings) -> None:
            try:
                boards[team.key] = self._sprints.read(boards[team.key])
            except NoBoard as error:
                raise self._discovery.holding.told_gone(team, error) from error
            self._discovery.hold(team)

        for team in self._site.roster:
            self._site.roster.attempt([team], lambda team=team: read(team))  # type: ignore[misc]
        self._sprints.end_turn()
        self._sprints.read_foreign()
        if self._site.kind in (Kind.FULL, Kind.RECONCILE) and not self._site.roster.failed:
            self._sprints.forget_unlisted()
        named = self._site.wanted.hinted.sprint_ids | self._healed.sprint_ids
        hinted = named - self._sprints.found.keys()
        if hinted:
            with reading(self._site.engine) as connection:
                known = read_sprints_by_id(connection, self._site.jira.site, hinted)
            self._sprints.read_these(known)

    def read_issues(self) -> None:
        """Read all of the teams that need it, compare or read what changed of the others."""
        whole, rest = self._divided()
        projects = {team.project for team in whole}
        since = self._read_whole(whole, projects) if whole else {}
        if rest and self._site.kind is Kind.RECONCILE:
            self._comparison.compare({team.project for team in rest}, self._own_sprints(rest))
            self._read_children()
        elif rest:
            self._read_changes(rest)
        for project, began_at in since.items():
            self._issues.read_changes([project], (), began_at - OVERLAP - self._site.leeway)

    def read_named(self, work_logs: WorkLogReader) -> WorkLogs:
        """Read the issues that something else than a search names."""
        hinted = self._site.wanted.hinted.issue_ids
        if hinted:
            self._crawl.issues(hinted, self._kept(hinted))
        self._crawl.issues(self._sprints.left_ids | self._healed.issue_ids)
        self._crawl.retry()
        is_full = self._site.kind is Kind.FULL
        back = self._came_back()
        found = work_logs.read(self._site.began_at, is_all_read=is_full, came_back=back)
        self._crawl.issues(found.issue_ids)
        return found

    def settle(self) -> None:
        """What is out of reach leaves all figures; epics and matches are as of now."""
        site = self._site
        if site.kind is Kind.FULL:
            for project in sorted({team.project for team in site.roster}):
                self._comparison.settle_vanished(project, frozenset(self._crawl.read.seen))
        elif self.count is not None and self._may_compare(self.count) and self.count.is_off():
            self._comparison.compare_ids({team.project for team in site.roster})
            self.count.settle()
        if site.kind in (Kind.FULL, Kind.RECONCILE) and site.roster:
            self._settle_strangers()
        self._settle_doubles()
        self._crawl.settle_epics()
        self._mark_strays()
        with reading(site.engine) as connection:
            is_news = has_news(connection, site.jira.site)
            records = [read_team(connection, team.key) for team in site.roster if team.jql]
        failing = {one.rules.key for one in records if one is not None and one.error is not None}
        for team in site.roster:
            is_due = is_news or team.key in self._discovery.reread | failing
            if team.jql is not None and (is_due or site.kind is not Kind.INCREMENTAL):
                site.roster.attempt([team], lambda team=team: self._issues.read_matches(team))  # type: ignore[misc]

    def _may_compare(self, count: Count) -> bool:
        """Whether the projects that were counted were read: none is of a team that failed."""
        failed = {team.project for team in self._site.roster.failed}
        return failed.isdisjoint(count.projects)

    def board_ids(self, teams: Collection[TeamSettings]) -> list[int]:
        """The boards of the teams."""
        return [board.id for team in teams for board in self._discovery.boards[team.key]]

    def _came_back(self) -> timedelta:
        """How far Jira's clock came back since the teams' last pulls.

        Or how far a team is behind the others, which failed while they went on.
        """
        known = self._site.known.progressed
        newest = max((one.since for one in known.values()), default=self._site.began_at)
        teams = [team for team in self._site.roster if team.key in known]
        back = (newest - min(known[t.key].since, self._since(t)) for t in teams)
        return max(back, default=timedelta())

    def _divided(self) -> tuple[list[TeamSettings], list[TeamSettings]]:
        """The teams of which every issue is read, and those of other projects."""
        whole = [team for team in self._site.roster if team.key in self._discovery.reread]
        projects = {team.project for team in whole}
        return whole, [team for team in self._site.roster if team.project not in projects]

    def _read_whole(self, whole: list[TeamSettings], projects: set[str]) -> Mapping[str, datetime]:
        """Read every issue; returns since when changes are still to be read, by project."""
        site = self._site
        if self._roles.epic_link is not None and site.jira.deployment == "datacenter":
            self._issues.read_epics(projects)
        stored = self._own_sprints(whole)
        since: dict[str, datetime] = {}
        if site.kind is Kind.FULL:
            with reading(site.engine) as connection:
                known = {
                    issue_id
                    for project in projects
                    for issue_id in known_issue_ids(connection, site.jira.site, project)
                }
            self._issues.read_all(projects)
            changed = self._crawl.read.changed
            self._result.add_found(missing=len(changed - known), changed=len(changed & known))
        else:
            recent = self._issues.read_recent(stored)
            for team in whole:
                self._site.roster.attempt([team], partial(self._preview, team, recent))
            since = self._issues.backfill(projects, site.began_at)
        self._issues.read_elsewhere(projects, stored)
        self._read_children()
        return since

    def _read_children(self) -> None:
        """Read the children of the teams' epics that are of none of their projects."""
        self._issues.read_children(self._site.projects)

    def _preview(self, team: TeamSettings, sprint_ids: Collection[int]) -> None:
        """Compute the newest sprints; before, of a narrowed team, what counts in them."""
        site = self._site
        if team.jql is not None:
            self._issues.read_matches(team)
        if not sprint_ids:
            return
        as_of = {team.key: site.began_at}
        self._result.facts_changed += preview(site.engine, site.jira.site, as_of, sprint_ids)

    def _read_changes(self, rest: list[TeamSettings]) -> None:
        """Read what was updated since the teams' last pulls, and count meanwhile."""
        site = self._site
        projects = {team.project for team in rest}
        open_ids = self._sprints.open_ids(self.board_ids(rest))
        since = min(self._since(team) for team in rest) - OVERLAP - site.leeway
        self.count = Count(site.jira, site.engine, self._pool, projects)
        with reading(site.engine) as connection:
            aside = read_aside(connection, site.jira.site, projects, site.projects, open_ids, since)
        others = aside.others
        if self._issues.read_changes(projects, open_ids, since, aside.question):
            with writing(site.engine) as connection:
                others = aside.answered(connection, site.jira.site)
        self._crawl.issues(aside.inside)  # those that no query told
        self._issues.read_changed_among(others, since)

    def _since(self, team: TeamSettings) -> datetime:
        site = self._site
        return site.known.progressed[team.key].since_by(site.began_at, site.asked_at)

    def _own_sprints(self, teams: list[TeamSettings]) -> tuple[Sprint, ...]:
        with reading(self._site.engine) as connection:
            return read_sprints(connection, self._site.jira.site, self.board_ids(teams))

    def _kept(self, issue_ids: Collection[int]) -> Keep:
        """Which of the issues that were only named count: ours already, or within reach."""
        with reading(self._site.engine) as connection:
            site = self._site.jira.site
            known = known_among(connection, site, issue_ids)
            boards = own_board_ids(connection, site)
            sprint_ids = {sprint.id for sprint in read_sprints(connection, site, boards)}
            epics = epics_of(connection, site, self._site.projects)

        def is_kept(issue: Issue) -> bool:
            is_within = issue.epic_id in epics or not sprint_ids.isdisjoint(issue.sprint_ids)
            return issue.project_key in self._site.projects or issue.id in known or is_within

        return is_kept

    def _settle_strangers(self) -> None:
        """Issues of other projects that Jira no longer shows leave all figures."""
        site = self._site
        with reading(site.engine) as connection:
            projects = site.projects | kept_projects(connection, site.jira.site)
            held = strangers(connection, site.jira.site, projects).keys()
        self._crawl.issues(held)
        gone = frozenset() if site.jira.nameless else held - self._crawl.read.seen
        with writing(site.engine) as connection:
            mark_gone(connection, site.jira.site, gone, site.began_at)
        self._result.add_found(vanished=len(gone))

    def _settle_doubles(self) -> None:
        """Of issues that share a key only one counts: what Jira no longer shows is gone.

        Where it shows several, the one that was updated last counts.
        """
        site, name = self._site, self._site.jira.site
        with reading(site.engine) as connection:
            doubles = key_doubles(connection, name, self._crawl.read.changed)
        if not doubles:
            return
        ids = {issue_id for some in doubles for issue_id in some}
        self._crawl.issues(ids)
        with writing(site.engine) as connection:
            mark_gone(connection, name, ids - self._crawl.read.seen, site.began_at)
            for _, *others in key_doubles(connection, name, ids):
                mark_gone(connection, name, others, site.began_at)

    def _mark_strays(self) -> None:
        """Issues of no team's project leave all figures once no sprint or epic of one has them."""
        site = self._site
        is_whole = site.kind is not Kind.INCREMENTAL or bool(self._discovery.reread)
        among = None if is_whole else self._crawl.read.seen | self._sprints.left_ids
        with writing(site.engine) as connection:
            projects = site.projects | kept_projects(connection, site.jira.site)
            boards = own_board_ids(connection, site.jira.site)
            strays = unreached(connection, site.jira.site, projects, boards, among)
            mark_gone(connection, site.jira.site, strays, site.began_at)
