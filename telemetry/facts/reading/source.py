"""What facts of one team are computed from; each issue is read once where memory allows."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import chain, islice

from sqlalchemy import Connection, select

from telemetry.domain.team import TeamRules
from telemetry.facts.affected import Window
from telemetry.facts.reading.shared import (
    NOTHING_SHARED,
    REPLAYED,
    Shared,
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
from telemetry.store.issues import matching, read_subtask_ids
from telemetry.store.members import read_members
from telemetry.store.terms import ISSUE, own_issues
from telemetry.store.tracker import read_sprints_by_id

KEPT_ISSUES = 4_000


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
        return matching(self.connection, self.rules, issue_ids)

    def own_ids(self) -> list[int]:
        """All issues of the team that are not gone."""
        return list(self.connection.scalars(select(ISSUE.id).where(own_issues(self.rules))))

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
            own_issues(self.rules), ISSUE.id.in_(issue_ids)
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
        return read_subtask_ids(self.connection, self.rules.site, issue_ids)

    def closed_at(self, sprint_ids: Iterable[int]) -> dict[int, datetime]:
        """When each of these sprints was closed, of whatever board; open ones are left out."""
        wanted = set(sprint_ids)
        missing = wanted - self._closed.keys()
        if missing:
            known = read_sprints_by_id(self.connection, self.rules.site, missing)
            self._closed |= {i: known[i].closed_at if i in known else None for i in missing}
        return {i: at for i in wanted if (at := self._closed[i]) is not None}
