"""What the tracker lists today, read as far as histories tell of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from telemetry.domain.models import Field, IssueHistory, Sprint
from telemetry.domain.named import Listed, listed_statuses, pairs_of, resolved
from telemetry.domain.team import TeamRules
from telemetry.store.tracker import read_sprints_by_id, read_statuses, sprints_of_names


@dataclass(slots=True)
class Listing:
    """The statuses and sprints of one site during one computation of facts, read once each."""

    _statuses: tuple[Mapping[str, str], Mapping[str, Sequence[str]]] | None = None
    _sprints: dict[int, Sprint] = field(default_factory=dict)
    _named: dict[str, list[Sprint]] = field(default_factory=dict)
    _asked: set[int] = field(default_factory=set)

    def resolved(
        self, connection: Connection, rules: TeamRules, histories: Mapping[int, IssueHistory]
    ) -> dict[int, IssueHistory]:
        """The histories with the ids of today."""
        listed = self.listed(connection, rules.site, histories.values())
        return {i: resolved(history, listed, rules) for i, history in histories.items()}

    def listed(
        self, connection: Connection, site: str, histories: Iterable[IssueHistory]
    ) -> Listed:
        """What is listed of all that these histories tell."""
        if self._statuses is None:
            self._statuses = listed_statuses(read_statuses(connection, site))
        told = {
            pair
            for history in histories
            for one in history.changes
            if one.field is Field.SPRINT
            for value, names in ((one.from_value, one.from_name), (one.to_value, one.to_name))
            for pair in pairs_of(value, names)
        }
        unknown = {sprint_id for _, sprint_id in told} - self._asked
        self._asked |= unknown
        self._sprints |= read_sprints_by_id(connection, site, unknown)
        names = {
            name
            for name, sprint_id in told
            if (known := self._sprints.get(sprint_id)) is None or known.name != name
        } - self._named.keys()
        if names:
            found = sprints_of_names(connection, site, names)
            self._named |= {name: found.get(name, []) for name in names}
        return Listed(*self._statuses, self._sprints, self._named)
