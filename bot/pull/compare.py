"""Compares what we hold with what Jira holds, and repairs: for what Jira gives no trace of.

Deleted and hidden issues vanish without a word, and renamed components or options change issues
without updating them.
"""

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from bot.jira.client import Jira
from bot.pull import queries
from bot.pull.crawl import Crawl, Present
from bot.pull.order import Result
from bot.pull.roster import Roster
from bot.pull.state import digest_of
from telemetry.domain.models import Issue, Sprint
from telemetry.errors import TrackerError
from telemetry.settings import TeamSettings
from telemetry.store.engine import reading, writing
from telemetry.store.issues import (
    count_issues,
    known_among,
    known_issue_ids,
    light_issues,
    logged_seconds,
    mark_gone,
    read_matches,
)
from telemetry.store.pulls import (
    read_cursor,
    write_cursor,
)

VANISHED_SHARE = 0.2  # of a team's issues, and more than one: a lost permission, no clean-up
FOUND_WITHIN = timedelta(hours=1)  # after which a search finds what changed


class Comparison:
    """A comparison of the teams' projects; `result` is told what it found.

    `at` is Jira's clock, noted for what is gone.
    """

    def __init__(
        self,
        jira: Jira,
        engine: Engine,
        crawl: Crawl,
        roster: Roster,
        result: Result,
        at: datetime,
        *,
        accept_vanished: bool,
    ) -> None:
        self._jira = jira
        self._engine = engine
        self._crawl = crawl
        self._roster = roster
        self._result = result
        self._at = at
        self._accepts_vanished = accept_vanished

    def compare(self, projects: Collection[str], sprints: Collection[Sprint]) -> None:
        """Compare every issue of the projects and the sprints as it is now; read what differs."""
        ordered = sorted(projects)
        self._crawl.begin("comparing issues", queries.all_of(ordered))
        for project in ordered:
            self._compare(project, self._crawl.present(queries.everything(project)))
        for part, jql in queries.elsewhere(ordered, [sprint.id for sprint in sprints]):
            if not self._compared_elsewhere(jql):
                for _, jql_of_one in queries.elsewhere(ordered, part, at_once=1):
                    self._compared_elsewhere(jql_of_one)

    def compare_ids(self, projects: Collection[str]) -> None:
        """Compare only which issues there are: for a number of issues that does not add up."""
        self._crawl.begin("comparing ids")
        for project in sorted(projects):
            ids: set[int] = set()

            def step(project: str = project, ids: set[int] = ids) -> None:
                ids.update(self._jira.search_ids(queries.everything(project)))
                with reading(self._engine) as connection:
                    known = known_among(connection, self._jira.site, ids)
                self._read(ids - known, set())
                self.settle_vanished(project, ids)

            self._roster.attempt(self._roster.of_project(project), step)

    def settle_vanished(self, project: str, reached: Collection[int]) -> None:
        """What Jira no longer lists leaves all figures; what only moved is read where it is.

        So does what it shows by its id alone, as an issue that is archived.
        """
        with reading(self._engine) as connection:
            known = known_issue_ids(connection, self._jira.site, project)
        missing = known - frozenset(reached)
        if not missing or self._jira.nameless:
            return
        self._crawl.issues(missing)
        gone = missing - self._crawl.read.seen
        with reading(self._engine) as connection:
            still = known_issue_ids(connection, self._jira.site, project)
        self._result.add_found(moved=len(missing - gone - still))
        hidden = self._hidden(project, (missing - gone) & still)
        gone |= hidden.keys()
        if gone and not self._accepts_vanished and self._asks(project, gone, known):
            return
        with writing(self._engine) as connection:
            mark_gone(connection, self._jira.site, gone, self._at)
            self._crawl.unread.note_hidden(connection, hidden.values())
        self._result.add_found(vanished=len(gone))

    def _hidden(self, project: str, shown: Collection[int]) -> dict[int, Issue]:
        """Those that Jira shows by their ids and no search finds: a new store would lack them.

        What changed just now may not be found yet, and what came between two pages was passed over.
        """
        with reading(self._engine) as connection:
            known = light_issues(connection, self._jira.site, shown)
        old = {i: one for i, one in known.items() if one.updated_at <= self._at - FOUND_WITHIN}
        if not old:
            return {}
        found = set(self._jira.search_ids(queries.everything(project)))
        return {i: one for i, one in old.items() if i not in found}

    def _compare(self, project: str, pages: Iterator[list[Present]]) -> None:
        ids: set[int] = set()

        def step() -> None:
            for page in pages:
                ids.update(one.issue.id for one in page)
                self._read(*self._differing(page))
            self.settle_vanished(project, ids)

        self._roster.attempt(self._roster.of_project(project), step)

    def _compared_elsewhere(self, jql: str) -> bool:
        """Compare what the query finds; False where Jira refuses it."""
        try:
            for page in self._crawl.present(jql):
                self._read(*self._differing(page))
        except TrackerError as error:
            if error.is_of_site:
                raise
            return False
        return True

    def _differing(self, page: list[Present]) -> tuple[set[int], set[int]]:
        """The issues of the page that we lack, and those that are not as we hold them."""
        ids = [one.issue.id for one in page]
        with reading(self._engine) as connection:
            known = light_issues(connection, self._jira.site, ids)
            seconds = logged_seconds(connection, self._jira.site, ids)
        held = {i: issue for i, issue in known.items() if issue.gone_at is None}
        differing = {
            issue.id
            for issue, logged in ((one.issue, one.seconds) for one in page)
            if issue.id in held
            and (logged != seconds.get(issue.id, 0) or not self._is_same(issue, held[issue.id]))
        }
        return set(ids) - held.keys(), differing

    def _is_same(self, issue: Issue, past: Issue) -> bool:
        if issue.epic_id is None and self._jira.deployment == "datacenter":
            issue = replace(issue, epic_id=past.epic_id)  # its history alone may tell the epic
        return issue == past

    def _read(self, missing: Collection[int], differing: Collection[int]) -> None:
        self._crawl.issues({*missing, *differing})
        changed = self._crawl.read.changed
        self._result.add_found(
            missing=len(changed & set(missing)), changed=len(changed & set(differing))
        )

    def _asks(self, project: str, gone: Collection[int], known: Collection[int]) -> bool:
        """Fail the teams of which too much vanished; whether there are any."""
        found = False
        for team in self._roster.of_project(project):
            mine = self._matching(team, known)
            lost = self._matching(team, gone)
            if len(lost) > max(1, VANISHED_SHARE * len(mine)):
                self._roster.fail(team, _question(project, len(lost), len(mine)))
                found = True
        return found

    def _matching(self, team: TeamSettings, issue_ids: Collection[int]) -> frozenset[int]:
        if team.jql is None:
            return frozenset(issue_ids)
        with reading(self._engine) as connection:
            return read_matches(connection, team.key, team.site) & frozenset(issue_ids)


def _question(project: str, lost: int, whole: int) -> str:
    return (
        f"{lost} of {whole} issues of project {project} are out of reach at once, as when a "
        "permission is lost; nothing was changed. If they really are gone: telemetry pull "
        "--accept-vanished"
    )


class Count:
    """The count of the projects' issues, asked for when this is made.

    Jira Cloud counts approximately: a difference that a comparison could not explain is
    remembered, and only another one is looked at again.
    """

    def __init__(
        self, jira: Jira, engine: Engine, pool: ThreadPoolExecutor, projects: Collection[str]
    ) -> None:
        self._jira = jira
        self._engine = engine
        self.projects = sorted(projects)
        self._cursor = f"difference:{digest_of(self.projects)}"
        self._jql = queries.all_of(self.projects)
        self._answer = pool.submit(jira.count, self._jql)
        self._settled: int | None = None

    def is_off(self) -> bool:
        """Whether the numbers differ otherwise than they did; call it when all is written."""
        difference = self._difference(self._answer.result())
        with reading(self._engine) as connection:
            known = read_cursor(connection, self._jira.site, self._cursor) or 0
        return difference is not None and difference != known

    def settle(self) -> None:
        """Count again after a comparison: what differs still is Jira's imprecision."""
        self._settled = self._difference(self._jira.count(self._jql))

    def write(self, connection: Connection) -> None:
        """Remember what was settled."""
        if self._settled is not None:
            write_cursor(connection, self._jira.site, self._cursor, self._settled)

    def _difference(self, counted: int | None) -> int | None:
        if counted is None:
            return None
        with reading(self._engine) as connection:
            known = count_issues(connection, self._jira.site, self.projects)
        return counted - sum(known.values())
