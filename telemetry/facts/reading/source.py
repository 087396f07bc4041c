"""What facts of one team are computed from; each issue is read once where memory allows."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import chain, islice

from sqlalchemy import ColumnElement, Connection, exists, select

from telemetry.domain.models import Sprint, SprintState
from telemetry.domain.team import TeamRules
from telemetry.facts.affected import Window
from telemetry.facts.reading.shared import (
    NOTHING_SHARED,
    REPLAYED,
    Shared,
    read_members,
)
from telemetry.metrics.logged_time import (
    Scope,
    sprint_scope,
)
from telemetry.metrics.timeline import (
    Timeline,
    timeline,
)
from telemetry.store import schema as s
from telemetry.store.history import read_changed_fields
from telemetry.store.tracker import read_sprints_by_id
from telemetry.store.upsert import chunks

KEPT_ISSUES = 4_000
ISSUE, MATCH = s.issues.c, s.team_matches.c


class Source:
    """The issues of one team as they were at any time.

    `connection` is that of the transaction that writes; a team that is computed whole has several
    one after the other. `shared` was read for several teams at once.
    """

    def __init__(
        self,
        connection: Connection,
        rules: TeamRules,
        shared: Shared = NOTHING_SHARED,
    ) -> None:
        self.connection = connection
        self.rules = rules
        self._shared = shared.histories
        self._members: dict[int, list[int]] = dict(shared.members)
        self._kept: OrderedDict[int, Timeline] = OrderedDict()
        self._scopes: dict[int, Scope] = {}
        self._closed: dict[int, datetime | None] = {}
        self.natures: set[str] = set()  # of the impediments that were written

    def timelines(self, issue_ids: Iterable[int]) -> dict[int, Timeline]:
        """The timelines of those of the issues that are not gone, by id."""
        wanted = set(issue_ids)
        found = {}
        for issue_id in wanted & self._kept.keys():
            self._kept.move_to_end(issue_id)
            found[issue_id] = self._kept[issue_id]
        missing = wanted - found.keys()
        histories = {i: self._shared[i] for i in missing & self._shared.keys()}
        unread = missing - histories.keys()
        histories |= read_changed_fields(self.connection, self.rules.site, unread, REPLAYED)
        for issue_id, history in histories.items():
            found[issue_id] = self._kept[issue_id] = timeline(history, self.rules)
        while len(self._kept) > max(KEPT_ISSUES, len(wanted)):
            self._kept.popitem(last=False)
        return found

    def scope(self, window: Window, as_of: datetime) -> Scope:
        """A started sprint's window with the issues that were in its scope, of whatever team."""
        sprint = window.sprint
        if sprint.id not in self._scopes:
            members = self.timelines(self.members(sprint.id))
            self._scopes[sprint.id] = sprint_scope(sprint, members.values(), as_of)
        return self._scopes[sprint.id]

    def expect(self, sprint_ids: Collection[int]) -> None:
        """Read what is asked for next, the members of these sprints, at once."""
        self._members = read_members(self.connection, self.rules.site, sprint_ids)
        every = dict.fromkeys(chain.from_iterable(self._members.values()))
        self.timelines(islice(every, KEPT_ISSUES))

    def members(self, sprint_id: int) -> list[int]:
        """The issues that were ever in a sprint."""
        if sprint_id not in self._members:
            self._members |= read_members(self.connection, self.rules.site, [sprint_id])
        return self._members[sprint_id]

    def matching(self, issue_ids: Collection[int]) -> Collection[int]:
        """Those of the issues that count for the team: all do, unless JQL narrows it."""
        if not self.rules.is_narrowed:
            return issue_ids
        found: list[int] = []
        for ids in chunks(sorted(issue_ids)):
            here = (
                MATCH.team_key == self.rules.key,
                MATCH.site == self.rules.site,
                MATCH.issue_id.in_(ids),
            )
            found.extend(self.connection.scalars(select(MATCH.issue_id).where(*here)))
        return found

    def own(self) -> list[ColumnElement[bool]]:
        """What the issues whose time and impediments are the team's satisfy: project, or JQL."""
        rules = self.rules
        conditions = [
            ISSUE.site == rules.site,
            ISSUE.project_key == rules.project_key,
            ISSUE.gone_at.is_(None),
        ]
        if rules.is_narrowed:
            is_match = (
                MATCH.team_key == rules.key,
                MATCH.site == rules.site,
                MATCH.issue_id == ISSUE.id,
            )
            conditions.append(exists().where(*is_match))
        return conditions

    def own_ids(self) -> list[int]:
        """All issues of the team that are not gone."""
        return list(self.connection.scalars(select(ISSUE.id).where(*self.own())))

    def impediment_ids(self) -> set[int]:
        """The issues that are written as the team's impediments."""
        c = s.impediments.c
        return set(
            self.connection.scalars(
                select(c.issue_id).where(c.team_key == self.rules.key, c.site == self.rules.site)
            )
        )

    def impediment_candidates(self, issue_ids: Sequence[int]) -> list[int]:
        """Those of the team's issues that may be impediments."""
        query = select(ISSUE.id, ISSUE.labels, ISSUE.is_subtask).where(
            *self.own(), ISSUE.id.in_(issue_ids)
        )
        rules = self.rules.impediment
        return [
            row.id
            for row in self.connection.execute(query)
            if rules.is_flagged_counted
            or row.is_subtask
            or any(label.lower() in rules.labels for label in row.labels)
        ]

    def children(self, issue_ids: Iterable[int]) -> list[int]:
        """The sub-tasks of these issues."""
        found: list[int] = []
        for ids in chunks(sorted(set(issue_ids))):
            query = select(ISSUE.id).where(ISSUE.site == self.rules.site, ISSUE.parent_id.in_(ids))
            found.extend(self.connection.scalars(query.where(ISSUE.is_subtask)))
        return found

    def closed_at(self, sprint_ids: Iterable[int]) -> dict[int, datetime]:
        """When each of these sprints was closed, of whatever board; open ones are left out."""
        wanted = set(sprint_ids)
        missing = wanted - self._closed.keys()
        if missing:
            known = read_sprints_by_id(self.connection, self.rules.site, missing)
            self._closed |= {i: _closed(known[i]) if i in known else None for i in missing}
        return {i: at for i in wanted if (at := self._closed[i]) is not None}


def _closed(sprint: Sprint) -> datetime | None:
    return sprint.completed_at if sprint.state is SprintState.CLOSED else None
