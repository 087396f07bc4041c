"""Reads the issues of the teams: all of them, or what changed."""

from collections.abc import Collection, Sequence
from datetime import datetime, tzinfo

from sqlalchemy import Engine

from bot.jira.client import Jira
from bot.pull import queries
from bot.pull.crawl import Crawl
from bot.pull.roster import WHOLE_SITE, Roster
from telemetry.domain.models import Sprint
from telemetry.errors import NotInTracker, TrackerError
from telemetry.settings import TeamSettings
from telemetry.store.cursors import read_cursor
from telemetry.store.engine import reading, writing
from telemetry.store.issues import (
    issue_ids_of_work_logs,
    known_issue_ids,
    mark_gone,
    set_matches,
    strangers,
)

RECENT_SPRINTS = 2  # of each board: the one that runs and the last one closed
VANISHED_SHARE = 0.2  # of a project's issues: more is a lost permission, not a clean-up
WORK_LOGS = "work_logs"


class IssueReader:
    """Reads issues through the crawl, project by project where all is read."""

    def __init__(self, jira: Jira, engine: Engine, crawl: Crawl, roster: Roster) -> None:
        self._jira = jira
        self._engine = engine
        self._crawl = crawl
        self._roster = roster

    def read_epics(self, projects: Collection[str]) -> None:
        """Read the epics, whose ids other issues name by key on Data Center."""
        for project in sorted(projects):
            self._optional(queries.epics(project), f"epics of {project}")

    def read_recent(self, sprints: Sequence[Sprint]) -> list[int]:
        """Read the issues of each board's newest sprints; the ids of these."""
        ids = recent_ids(sprints)
        if ids:
            self._optional(queries.recent(ids), "newest sprints")
        return ids

    def read_all(self, projects: Collection[str], sprints: Sequence[Sprint]) -> None:
        """Read every issue of the projects, and those of others that are in the sprints."""
        ordered = sorted(projects)
        for project in ordered:
            jql = queries.everything(project)
            self._attempt(project, jql, project)
        what, ids = "other projects in the sprints", [sprint.id for sprint in sprints]
        for part, jql in queries.elsewhere(ordered, ids):
            if not self._optional(jql, what):
                for _, jql_of_one in queries.elsewhere(ordered, part, at_once=1):
                    self._optional(jql_of_one, what)

    def read_changes(
        self, projects: Collection[str], open_ids: Collection[int], since: datetime, zone: tzinfo
    ) -> None:
        """Read what was updated; a project that Jira refuses does not stop the others."""
        if not projects:
            return
        if self._optional(queries.changed(projects, open_ids, since, zone), "what changed"):
            return
        for project in sorted(projects):
            jql = queries.changed([project], (), since, zone)
            self._attempt(project, jql, "what changed")
        for sprint_id in sorted(open_ids):
            self._optional(queries.changed((), [sprint_id], since, zone), "what changed")

    def read_strangers(self, projects: Collection[str], open_ids: Collection[int]) -> None:
        """Read the issues of other projects that were in an open sprint: they may have left it.

        No search for the projects or the sprints finds one that left.
        """
        with reading(self._engine) as connection:
            known = strangers(connection, self._jira.site, projects)
        self._crawl.issues(i for i, ids in known.items() if not set(open_ids).isdisjoint(ids))

    def read_work_logs(self, otherwise: datetime) -> datetime:
        """Read the issues whose work logs changed; returns where to go on.

        An issue is not always updated with its work logs. At a first pull there is nothing to
        look back to: `otherwise` is where to go on then.
        """
        with reading(self._engine) as connection:
            cursor = read_cursor(connection, self._jira.site, WORK_LOGS)
        if cursor is None:
            return otherwise
        since = datetime.fromisoformat(cursor)
        try:
            updated, until = self._jira.work_logs_updated(since)
            deleted, deleted_until = self._jira.work_logs_deleted(since)
            issue_ids = set(self._jira.work_log_issues(updated).values()) if updated else set()
        except NotInTracker:
            return since  # an old Data Center: the daily full pull finds them
        if updated or deleted:
            with reading(self._engine) as connection:
                known = known_issue_ids(connection, self._jira.site)
                issue_ids |= issue_ids_of_work_logs(connection, self._jira.site, deleted)
            self._crawl.issues(issue_ids & known)
        return min(until, deleted_until)

    def read_matches(self, team: TeamSettings) -> None:
        """Ask which issues a narrowed team's JQL holds now."""
        ids = list(self._jira.search_ids(queries.matching(team.project, team.jql or "")))
        with writing(self._engine) as connection:
            set_matches(connection, team.key, team.site, ids)

    def mark_vanished(self, project: str, at: datetime, *, is_accepted: bool) -> None:
        """What a full pull no longer reached leaves all figures, unless it is suspiciously much."""
        with reading(self._engine) as connection:
            known = known_issue_ids(connection, self._jira.site, project)
        gone = known - self._crawl.read.seen
        if len(gone) > VANISHED_SHARE * len(known) and not is_accepted:
            for team in self._roster.of_project(project):
                self._roster.fail(
                    team,
                    f"{len(gone)} of {len(known)} issues of project {project} are out of reach "
                    "at once, as when a permission is lost; nothing was changed. If they really "
                    "are gone: telemetry pull --full --accept-vanished",
                )
            return
        with writing(self._engine) as connection:
            mark_gone(connection, self._jira.site, gone, at)

    def mark_left(self, projects: Collection[str], at: datetime) -> None:
        """Issues of no team's project leave all figures once no team's sprint holds them."""
        with writing(self._engine) as connection:
            known = strangers(connection, self._jira.site, projects)
            mark_gone(connection, self._jira.site, known.keys() - self._crawl.read.seen, at)

    def _attempt(self, project: str, jql: str, what: str) -> None:
        """A search that the project's teams cannot do without."""

        def search() -> None:
            try:
                self._crawl.search(jql, what)
            except WHOLE_SITE:
                raise
            except TrackerError as error:
                raise TrackerError(
                    f"{error}; check that project {project} still exists and that the bot's "
                    "user may browse it"
                ) from error

        self._roster.attempt(self._roster.of_project(project), search)

    def _optional(self, jql: str, what: str) -> bool:
        """A search that the pull can do without; False where Jira refuses it."""
        try:
            self._crawl.search(jql, what)
        except WHOLE_SITE:
            raise
        except TrackerError:
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
