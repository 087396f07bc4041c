"""Reads the issues of the teams: all of them, or what changed."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import Engine

from bot.jira.client import Jira
from bot.jira.jql import quote
from bot.pull import queries
from bot.pull.backfill import noting_backfill, read_backfill
from bot.pull.crawl import Crawl, Note
from bot.pull.misfits import matching_nothing, refused
from bot.pull.queries import NOTHING_BESIDE, Beside
from bot.pull.roster import Roster
from bot.translate.fields import FieldRoles
from telemetry.domain.models import Sprint
from telemetry.errors import ScopeMissing, TrackerError, TrackerUnavailable
from telemetry.settings import TeamSettings
from telemetry.store.engine import reading, writing
from telemetry.store.issues import has_matches, set_matches
from telemetry.store.reach import epics_of
from telemetry.store.upsert import chunks

RECENT_SPRINTS = 2  # of each board: the one that runs and the last one closed


class IssueReader:
    """Reads issues through the crawl, project by project where all is read.

    `zone` is that in which Jira reads the queries.
    """

    def __init__(
        self,
        jira: Jira,
        engine: Engine,
        crawl: Crawl,
        roster: Roster,
        roles: FieldRoles,
        zone: tzinfo,
        *,
        accepts_vanished: bool,
    ) -> None:
        self._jira = jira
        self._engine = engine
        self._crawl = crawl
        self._roster = roster
        self._roles = roles
        self._zone = zone
        self._accepts_vanished = accepts_vanished

    def read_epics(self, projects: Collection[str]) -> None:
        """Read the epics, whose ids other issues name by key on Data Center."""
        self._crawl.begin("epics")
        for project in sorted(projects):
            self._optional(queries.epics(project))

    def read_recent(self, sprints: Sequence[Sprint]) -> list[int]:
        """Read the issues of each board's newest sprints; the ids of these, if they were read."""
        ids = recent_ids(sprints)
        if not ids:
            return []
        self._crawl.begin("newest sprints")
        return ids if self._optional(queries.recent(ids)) else []

    def read_all(self, projects: Collection[str]) -> None:
        """Read every issue of the projects."""
        self._crawl.begin("issues", queries.all_of(projects))
        for project in sorted(projects):
            self._attempt(project, queries.everything(project))

    def backfill(self, projects: Collection[str], now: datetime) -> dict[str, datetime]:
        """Read every issue of the projects; a reading that was stopped goes on where it was.

        Returns since when what changed is still to be read, by project, of those that went on.
        """
        since = {}
        self._crawl.begin("issues", queries.all_of(projects))
        for project in sorted(projects):
            with reading(self._engine) as connection:
                earlier = read_backfill(connection, self._jira.site, project, self._roles)
            note = noting_backfill(self._jira.site, project, self._roles, earlier, now)
            before = earlier.before if earlier else None
            self._attempt(project, queries.everything(project, before, self._zone), note)
            if earlier is not None:
                is_past = earlier.began_at <= now  # else Jira's clock came back
                since[project] = earlier.began_at if is_past else now - timedelta(days=1)
        return since

    def read_elsewhere(self, projects: Collection[str], sprints: Sequence[Sprint]) -> None:
        """Read the issues of other projects that are in the sprints."""
        ordered, ids = sorted(projects), [sprint.id for sprint in sprints]
        self._crawl.begin("other projects in the sprints")
        for part, jql in queries.elsewhere(ordered, ids):
            if not self._optional(jql):
                for _, jql_of_one in queries.elsewhere(ordered, part, at_once=1):
                    self._optional(jql_of_one)

    def read_children(self, projects: Collection[str]) -> None:
        """Read the issues of other projects that are children of the projects' epics."""
        link = self._epic_link()
        with reading(self._engine) as connection:
            keys = epics_of(connection, self._jira.site, projects).values()
        if link is None or not keys:
            return
        self._crawl.begin("children of epics in other projects")
        for jql in queries.children(link, sorted(projects), keys):
            if not self._optional(jql):
                for jql_of_one in queries.children(link, sorted(projects), keys, at_once=1):
                    self._optional(jql_of_one)
                return

    def _epic_link(self) -> str | None:
        """What holds an issue's epic, as JQL names it; None where nothing does."""
        if self._jira.deployment != "datacenter":
            return "parent"
        name = self._roles.names.get(self._roles.epic_link or "")
        return None if name is None else quote(name)

    def read_changes(
        self,
        projects: Collection[str],
        open_ids: Collection[int],
        since: datetime,
        beside: Beside = NOTHING_BESIDE,
    ) -> bool:
        """Read what was updated; a project that Jira refuses does not stop the others.

        Returns whether all that stands `beside` was asked for, too: where Jira refuses that, it is
        left out.
        """
        if not projects:
            return False
        self._crawl.begin("what changed")
        whole = self._linked(beside)
        for some in (whole, NOTHING_BESIDE) if whole != NOTHING_BESIDE else (whole,):
            if self._optional(queries.changed(projects, open_ids, since, self._zone, some)):
                return some is whole
        for project in sorted(projects):
            jql = queries.changed([project], (), since, self._zone)
            self._attempt(project, jql)
        for sprint_id in sorted(open_ids):
            self._optional(queries.changed((), [sprint_id], since, self._zone))
        return False

    def _linked(self, beside: Beside) -> Beside:
        """With what holds an issue's epic; without epics where nothing does."""
        link = self._epic_link() if beside.epics or beside.in_turn else None
        if link is None:
            return replace(beside, epics=(), in_turn=())
        return replace(beside, link=link)

    def read_changed_among(self, issue_ids: Collection[int], since: datetime) -> None:
        """Read those of the issues that changed, whatever they are of."""
        for ids in chunks(sorted(set(issue_ids) - self._crawl.read.seen)):
            if not self._optional(queries.changed_among(ids, since, self._zone)):
                self._crawl.issues(ids)  # one of them is gone, and Jira refuses them all

    def read_matches(self, team: TeamSettings) -> None:
        """Ask which issues a narrowed team's JQL holds now.

        Raises ConfigurationError where there are none any more, unless a person accepts that.
        """
        before = self._jira.nameless
        try:
            ids = list(self._jira.search_ids(queries.matching(team.project, team.jql or "")))
        except TrackerError as error:
            raise refused(team, error) from error
        if self._jira.nameless > before:
            return  # which ones match cannot be told
        with writing(self._engine) as connection:
            is_lost = not ids and has_matches(connection, team.key, team.site)
            if is_lost and not self._accepts_vanished:
                # it did match: what it counts must not change by itself
                raise matching_nothing(team)
            set_matches(connection, team.key, team.site, ids)

    def _attempt(self, project: str, jql: str, note: Note | None = None) -> None:
        """A search that the project's teams cannot do without."""

        def search() -> None:
            try:
                self._crawl.search(jql, note)
            except TrackerError as error:
                if error.is_of_site or isinstance(error, ScopeMissing | TrackerUnavailable):
                    raise  # it says itself what to do
                raise TrackerError(
                    f"{error}; check that project {project} still exists and that the bot's "
                    "user may browse it"
                ) from error

        self._roster.attempt(self._roster.of_project(project), search)

    def _optional(self, jql: str) -> bool:
        """A search that the pull can do without; False where Jira refuses it."""
        try:
            self._crawl.search(jql)
        except TrackerError as error:
            if error.is_of_site:
                raise
            return False
        return True


def recent_ids(sprints: Sequence[Sprint]) -> list[int]:
    """The last started sprints of each board."""
    by_board: dict[int | None, list[Sprint]] = {}
    for sprint in sprints:
        if sprint.started_at is not None:
            by_board.setdefault(sprint.board_id, []).append(sprint)
    return [
        sprint.id
        for some in by_board.values()
        for sprint in sorted(some, key=_start)[-RECENT_SPRINTS:]
    ]


def _start(sprint: Sprint) -> tuple[float, int]:
    return (sprint.started_at.timestamp() if sprint.started_at else 0.0), sprint.id
