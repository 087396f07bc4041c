"""Shares out among the teams what a site's history says changed since facts were computed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

from sqlalchemy import Connection, select

from telemetry.domain.bounds import EARLIEST, FARTHEST
from telemetry.domain.team import TeamRules
from telemetry.store import schema as s
from telemetry.store.members import sprints_above
from telemetry.store.named import named_sprints
from telemetry.store.stale import Stale, read_stale_issues
from telemetry.store.terms import EPIC_OF_MEMBER, ISSUE, MEMBER
from telemetry.store.upsert import CHUNK, chunks
from telemetry.store.values import milliseconds

FIRST, LAST = milliseconds(EARLIEST), milliseconds(FARTHEST)
MANY = 10_000  # changed issues of one team: computing all of it anew is no slower, and needs less


@dataclass(slots=True)
class Marks:
    """What the changed issues of one team touch; `instants` are starts of work logs (ms)."""

    issue_ids: set[int] = field(default_factory=set)
    sprint_ids: set[int] = field(default_factory=set)
    instants: set[int] = field(default_factory=set)

    @property
    def is_many(self) -> bool:
        """Whether nothing more is noted, as everything is to be computed anew."""
        return len(self.issue_ids) > MANY

    @property
    def started(self) -> frozenset[datetime]:
        return frozenset(datetime.fromtimestamp(ms / 1000, UTC) for ms in self.instants)

    def add(self, issue_id: int, stale: Stale) -> None:
        if not self.is_many:
            self.issue_ids.add(issue_id)
            self.sprint_ids |= stale.sprint_ids
            self.instants |= {ms for ms in stale.instants if FIRST <= ms <= LAST}


def read_marks(connection: Connection, site: str, teams: Sequence[TeamRules]) -> dict[str, Marks]:
    """What changed for each of these teams, by key.

    An issue touches the teams of the projects it is and was in, of the boards whose sprints it or
    its parent is or ever was in, as a sub-task's time is its parent's, and of the epics that it is
    or was a child of.
    """
    marks = {rules.key: Marks() for rules in teams}
    by_project: dict[str, set[str]] = {}
    by_board: dict[int, set[str]] = {}
    for rules in teams:
        by_project.setdefault(rules.project_key, set()).add(rules.key)
        for board_id in rules.board_ids:
            by_board.setdefault(board_id, set()).add(rules.key)
    by_sprint: dict[int, set[str]] = {}
    stale_issues = read_stale_issues(connection, site) if marks else iter(())
    while some := _with_named(connection, site, list(islice(stale_issues, CHUNK))):
        above = sprints_above(connection, site, [issue_id for issue_id, _ in some])
        unknown = {i for _, stale in some for i in stale.sprint_ids}.union(*above.values())
        unknown -= by_sprint.keys()
        boards = _boards_of(connection, site, unknown)
        by_sprint |= {i: by_board.get(boards.get(i, 0), set()) for i in unknown}
        of_epics = _projects_of_epics(connection, site, [issue_id for issue_id, _ in some])
        told = _teams_of_children(connection, site, [issue_id for issue_id, _ in some])
        for issue_id, stale in some:
            places = [by_project.get(key, set()) for key in stale.project_keys]
            places += [by_sprint[i] for i in stale.sprint_ids | above.get(issue_id, frozenset())]
            places += [by_project.get(key, set()) for key in of_epics.get(issue_id, ())]
            places.append(told.get(issue_id, set()) & marks.keys())
            for key in set().union(*places):
                marks[key].add(issue_id, stale)
    return marks


def _with_named(
    connection: Connection, site: str, some: Sequence[tuple[int, Stale]]
) -> list[tuple[int, Stale]]:
    """The marks with the sprints that the issues' histories tell by name alone."""
    named = named_sprints(connection, site, [issue_id for issue_id, _ in some])
    return [(i, stale | Stale(sprint_ids=frozenset(named.get(i, ())))) for i, stale in some]


def _boards_of(connection: Connection, site: str, sprint_ids: Iterable[int]) -> Mapping[int, int]:
    c = s.sprints.c
    found: dict[int, int] = {}
    for ids in chunks(sorted(sprint_ids)):
        query = select(c.id, c.board_id).where(c.site == site, c.id.in_(ids))
        found.update((row.id, row.board_id) for row in connection.execute(query))
    return found


def _projects_of_epics(
    connection: Connection, site: str, issue_ids: Sequence[int]
) -> dict[int, set[str]]:
    """The projects of the epics that these issues ever were children of."""
    query = select(MEMBER.issue_id, ISSUE.project_key).join_from(
        s.epic_members, s.issues, EPIC_OF_MEMBER
    )
    found: dict[int, set[str]] = {}
    here = (MEMBER.site == site, MEMBER.issue_id.in_(issue_ids))
    for issue_id, project_key in connection.execute(query.where(*here)):
        found.setdefault(issue_id, set()).add(project_key)
    return found


def _teams_of_children(
    connection: Connection, site: str, issue_ids: Sequence[int]
) -> dict[int, set[str]]:
    """The teams among whose epics' children these issues are written."""
    c = s.epic_children.c
    found: dict[int, set[str]] = {}
    query = select(c.issue_id, c.team_key).where(c.site == site, c.issue_id.in_(issue_ids))
    for issue_id, team_key in connection.execute(query):
        found.setdefault(issue_id, set()).add(team_key)
    return found
