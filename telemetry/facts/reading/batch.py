"""What the facts of one batch are computed from: read once for all that is touched in it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import islice

from sqlalchemy import Connection

from telemetry.domain.models import Field, IssueHistory
from telemetry.domain.team import TeamRules
from telemetry.facts.affected import Window
from telemetry.facts.reading.listing import Listing
from telemetry.facts.reading.shared import (
    NOTHING_SHARED,
    REPLAYED,
    Shared,
)
from telemetry.facts.reading.work import Interval, Spans, TeamWork, read_spans
from telemetry.facts.touched import Spell, Touched
from telemetry.metrics.logged_time import Scope, sprint_scope
from telemetry.metrics.timeline import Timeline, timelines
from telemetry.store.history import read_changed_fields
from telemetry.store.issues import matching
from telemetry.store.members import read_members
from telemetry.store.tracker import read_sprints_by_id

Span = tuple[datetime, datetime]
MOST_KEPT = 5_000  # timelines of a team, 3 KB each; made anew in each batch they cost 1 s of 15 s


@dataclass(slots=True)
class Team:
    """A team whose facts are computed up to `as_of`, in one batch or in several.

    `shared` and `listing` are read for several teams at once. `scopes` are those of its sprints so
    far: each is asked for by the sprint and by its days, which may stand in different batches.
    `natures` of impediments and `spans`, the times that changes of these touch, are noted as they
    are written; `learns`, where something of its closed sprints is: its forecasts rest on them;
    `has_new_epics`, where something of its epics or their children is. `timelines` are the last
    that were made, while the team is computed; `impediments` all of a team that is computed whole.
    """

    rules: TeamRules
    as_of: datetime
    shared: Shared = NOTHING_SHARED
    listing: Listing = field(default_factory=Listing)
    scopes: dict[int, Scope] = field(default_factory=dict)
    natures: set[str] = field(default_factory=set)
    spans: list[Span] = field(default_factory=list)
    learns: bool = False
    has_new_epics: bool = False
    timelines: dict[int, Timeline] = field(default_factory=dict)
    impediments: Spans | None = None


class Batch:
    """One batch of a team's facts; `connection` is that of the transaction that writes it."""

    def __init__(self, connection: Connection, team: Team, touched: Touched) -> None:
        self.connection = connection
        self.team = team
        self.rules = team.rules
        self.as_of = team.as_of
        self.touched = touched
        self._members: dict[int, list[int]] = {}
        self._timelines: dict[int, Timeline] = {}

    def timelines(self, issue_ids: Iterable[int]) -> dict[int, Timeline]:
        """The timelines of those of the issues that are not gone, by id."""
        wanted, known = set(issue_ids), self._timelines
        kept = self.team.timelines
        known.update((i, kept[i]) for i in (wanted - known.keys()) & kept.keys())
        missing, shared = wanted - known.keys(), self.team.shared.histories
        histories = {i: shared[i] for i in missing & shared.keys()}
        unread = missing - histories.keys()
        if unread:
            histories |= read_changed_fields(self.connection, self.rules.site, unread, REPLAYED)
        self._replayed(histories)
        return {i: known[i] for i in wanted & known.keys()}

    def flagged(self, issue_ids: Iterable[int]) -> dict[int, IssueHistory]:
        """The histories of those of the issues that are not gone, with the changes of their flags.

        Their timelines are made of the same, so that nobody reads it again.
        """
        fields = (*REPLAYED, Field.FLAGGED)
        return self._replayed(
            read_changed_fields(self.connection, self.rules.site, issue_ids, fields)
        )

    def _replayed(self, histories: Mapping[int, IssueHistory]) -> dict[int, IssueHistory]:
        found = self.resolved(histories)
        made = timelines(found.values(), self.rules)
        kept = self.team.timelines
        self._timelines |= made
        kept |= made
        for issue_id in list(islice(kept, max(0, len(kept) - MOST_KEPT))):
            del kept[issue_id]
        return found

    def resolved(self, histories: Mapping[int, IssueHistory]) -> dict[int, IssueHistory]:
        """The histories with the ids that statuses and sprints have today."""
        return self.team.listing.resolved(self.connection, self.rules, histories)

    def span_of(self, spell: Spell) -> Interval:
        """The time from the first day of a spell to its last, up to `as_of`."""
        calendar, (first, last) = self.rules.calendar, spell
        return calendar.day_start(first), min(calendar.day_end(last), self.as_of)

    @cached_property
    def work(self) -> TeamWork:
        """The work done in the touched sprints and days."""
        touched = self.touched
        intervals = [(window.start, window.end) for window in touched.sprints]
        intervals += map(self.span_of, touched.spells)
        spans = self._every_impediment
        return TeamWork(self.connection, self.rules, intervals, self.team.shared.work, spans)

    @property
    def _every_impediment(self) -> Spans | None:
        """All of a team that is computed whole: they are written before any work is asked for."""
        team = self.team
        if self.touched.is_whole and team.impediments is None:
            team.impediments = read_spans(self.connection, self.rules)
        return team.impediments if self.touched.is_whole else None

    def timelines_in(self, window: Window) -> dict[int, Timeline]:
        """The timelines of all issues that were ever in a touched sprint."""
        return self.timelines(self._members_of_sprints[window.sprint.id])

    def counted_by_sprint(self, sprint_ids: Collection[int]) -> Mapping[int, list[Timeline]]:
        """The timelines of all issues that were ever in these sprints and count for the team."""
        members = self._read_members(sprint_ids)
        ids = {issue_id for sprint_id in sprint_ids for issue_id in members[sprint_id]}
        lines = self.timelines(matching(self.connection, self.rules, ids))
        return {one: [lines[i] for i in members[one] if i in lines] for one in sprint_ids}

    def counted_in(self, window: Window) -> list[Timeline]:
        """Those of them that count for the team: all do, unless JQL narrows it."""
        found = self.timelines_in(window)
        return [
            one for i, one in found.items() if not self.rules.is_narrowed or i in self._matching
        ]

    def scopes(self, windows: Iterable[Window]) -> list[Scope]:
        """The started sprints with the issues that were in their scopes, of whatever team."""
        windows, known = list(windows), self.team.scopes
        new = [window for window in windows if window.sprint.id not in known]
        members = self._read_members([window.sprint.id for window in new])
        self.timelines(i for window in new for i in members[window.sprint.id])
        for window in new:
            lines = self.timelines(members[window.sprint.id]).values()
            known[window.sprint.id] = sprint_scope(window.sprint, lines, self.as_of)
        return [known[window.sprint.id] for window in windows]

    @cached_property
    def closed_at(self) -> Mapping[int, datetime]:
        """When the sprints that issues of touched ones were ever in were closed.

        Of whatever board; those that are open are left out.
        """
        ids = {
            i
            for w in self.touched.sprints
            for t in self.timelines_in(w).values()
            for i in t.ever_in
        }
        known = read_sprints_by_id(self.connection, self.rules.site, ids)
        return {i: at for i, one in known.items() if (at := one.closed_at) is not None}

    @cached_property
    def _members_of_sprints(self) -> Mapping[int, list[int]]:
        members = self._read_members([window.sprint.id for window in self.touched.sprints])
        self.timelines(i for ids in members.values() for i in ids)
        return members

    @cached_property
    def _matching(self) -> set[int]:
        ids = {i for some in self._members_of_sprints.values() for i in some}
        return set(matching(self.connection, self.rules, ids))

    def _read_members(self, sprint_ids: Iterable[int]) -> Mapping[int, list[int]]:
        """The issues that were ever in these sprints, by sprint."""
        ids = set(sprint_ids)
        for known in (self.team.shared.members, self._members):
            self._members |= {i: list(known[i]) for i in ids & known.keys()}
        missing = ids - self._members.keys()
        if missing:
            self._members |= read_members(self.connection, self.rules.site, missing)
        return self._members
