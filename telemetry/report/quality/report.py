"""Reads what the tracker's data contradict for one team, from the history of a bounded window.

The window: the sprints that run, the last closed ones that velocity looks at, and 90 days of work
logs. Only issues of these are read, found through indexes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from telemetry.domain.done import meaning_of
from telemetry.domain.models import Issue, IssueHistory, Sprint, SprintState, Status
from telemetry.domain.team import TeamRules
from telemetry.metrics import quality_issues, quality_sprints, quality_work
from telemetry.metrics.contradictions import (
    Contradiction,
    Finding,
)
from telemetry.metrics.sprint_walk import walk_sprint
from telemetry.metrics.timeline import (
    Timeline,
    timeline,
)
from telemetry.report.quality import reading as source
from telemetry.report.teams.team import StoredTeam
from telemetry.store.history import read_histories
from telemetry.store.tracker import read_sprints_by_id, read_statuses

Pair = tuple[IssueHistory, Timeline]


@dataclass(frozen=True, slots=True)
class QualityRow:
    """One finding with what it is about: an issue's key, a sprint's id or a status' id.

    `url` is None for a status, which has no page in Jira. `sprints` are the names of its sprints
    and `before` and `after` names of statuses; `meaning` is how an unlisted status counts.
    """

    finding: Finding
    key: str
    title: str
    url: str | None
    sprints: tuple[str, ...] = ()
    before: str | None = None
    after: str | None = None
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Quality:
    """What contradicts, by kind, in the order of the kinds; a kind without findings is absent.

    `as_of` is None before the first complete pull: then nothing is known.
    """

    as_of: datetime | None
    closed_sprints: int
    rows: Mapping[Contradiction, tuple[QualityRow, ...]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(map(len, self.rows.values()))


@dataclass(frozen=True, slots=True)
class _Window:
    """What one answer is computed from; `start` is when the first of the sprints began."""

    rules: TeamRules
    as_of: datetime
    start: datetime | None
    sprints: Sequence[Sprint]
    members: Mapping[int, Sequence[int]]
    pairs: Mapping[int, Pair]
    worked_ids: Sequence[int]
    subtask_ids: Sequence[int]

    @property
    def running(self) -> list[Sprint]:
        return [one for one in self.sprints if one.state is SprintState.ACTIVE and one.started_at]

    @property
    def in_sprints(self) -> list[Pair]:
        """The issues that were ever in one of the sprints, by id."""
        ids = sorted({issue_id for some in self.members.values() for issue_id in some})
        return [self.pairs[issue_id] for issue_id in ids if issue_id in self.pairs]

    def timelines(self, sprints: Iterable[Sprint]) -> dict[int, Timeline]:
        """Of the issues that were ever in these sprints, by id."""
        ids = sorted({issue_id for one in sprints for issue_id in self.members[one.id]})
        return {issue_id: self.pairs[issue_id][1] for issue_id in ids if issue_id in self.pairs}


def read_quality(connection: Connection, team: StoredTeam) -> Quality:
    """All that contradicts in the team's window, newest first within a kind."""
    rules = team.rules
    if team.as_of is None:
        return Quality(None, rules.velocity_sprints)
    window = _window(connection, rules, team.as_of)
    statuses = read_statuses(connection, rules.site)
    found = _of_issues(connection, window, statuses)
    found += _of_sprints(window)
    found += _of_work(connection, window)
    rows = _rows(connection, team, found, statuses)
    return Quality(team.as_of, rules.velocity_sprints, rows)


def _window(connection: Connection, rules: TeamRules, as_of: datetime) -> _Window:
    sprints = source.window_sprints(connection, rules)
    members = source.members(connection, rules, [sprint.id for sprint in sprints])
    running = [sprint.id for sprint in sprints if sprint.state is SprintState.ACTIVE]
    subtasks = source.subtasks(connection, rules, {i for one in running for i in members[one]})
    worked = source.suspicious_work(connection, rules, as_of)
    wanted = {*worked, *subtasks, *(i for some in members.values() for i in some)}
    pairs = {
        issue_id: (history, timeline(history, rules))
        for issue_id, history in sorted(read_histories(connection, rules.site, wanted).items())
        if history.issue.gone_at is None
    }
    starts = [sprint.started_at for sprint in sprints if sprint.started_at is not None]
    start = min(starts, default=None)
    return _Window(rules, as_of, start, sprints, members, pairs, worked, subtasks)


def _of_issues(
    connection: Connection, window: _Window, statuses: Mapping[str, Status]
) -> list[Finding]:
    rules, as_of = window.rules, window.as_of
    current = window.timelines(window.running)
    known = read_sprints_by_id(
        connection, rules.site, {i for one in current.values() for i in one.ever_in}
    )
    active = {sprint.id for sprint in known.values() if sprint.state is SprintState.ACTIVE}
    walks = [walk_sprint(sprint, current.values(), as_of) for sprint in window.running]
    subtasks = [window.pairs[i][1] for i in window.subtask_ids if i in window.pairs]
    found = [
        *quality_issues.unestimated(walks),
        *quality_issues.in_two_active_sprints(current.values(), active, as_of),
        *quality_issues.estimated_subtasks(subtasks, rules, as_of),
    ]
    if window.start is not None:
        every, start = window.in_sprints, window.start
        lines = [line for _, line in every]
        found += quality_issues.estimates_after_done(lines, start, as_of)
        found += quality_issues.migrated(every, rules, start, as_of)
        found += quality_issues.unlisted_statuses(lines, statuses, start)
    return found


def _of_sprints(window: _Window) -> list[Finding]:
    started = [sprint for sprint in window.sprints if sprint.started_at is not None]
    walks = [
        walk_sprint(sprint, window.timelines([sprint]).values(), window.as_of) for sprint in started
    ]
    return [
        *quality_sprints.late_sprints(window.sprints, window.rules.calendar, window.as_of),
        *quality_sprints.back_dated(window.sprints, window.rules.calendar),
        *quality_sprints.empty_starts(walks),
        *quality_sprints.without_completion(window.sprints),
    ]


def _of_work(connection: Connection, window: _Window) -> list[Finding]:
    rules, as_of = window.rules, window.as_of
    pairs = [window.pairs[i] for i in window.worked_ids if i in window.pairs]
    histories = [history for history, _ in pairs]
    found = [
        *quality_work.future_work(histories, as_of),
        *quality_work.work_after_done(pairs, rules.calendar, as_of),
        *quality_work.long_work_logs(histories, as_of),
    ]
    if source.logs_time(connection, rules, as_of):
        spans, issues = source.impediments(connection, rules, as_of)
        worked = source.worked_ids(connection, rules, issues)
        found += quality_work.impediments_without_time(spans, issues, worked, rules.calendar, as_of)
    return found


def _rows(
    connection: Connection,
    team: StoredTeam,
    found: Iterable[Finding],
    statuses: Mapping[str, Status],
) -> dict[Contradiction, tuple[QualityRow, ...]]:
    by_kind: defaultdict[Contradiction, list[Finding]] = defaultdict(list)
    for finding in found:
        by_kind[finding.kind].append(finding)
    every = [finding for some in by_kind.values() for finding in some]
    site = team.rules.site
    issues = source.issues(connection, site, {one.issue_id for one in every if one.issue_id})
    sprint_ids = {i for one in every for i in (*one.sprint_ids, one.sprint_id) if i}
    naming = _Naming(team, issues, read_sprints_by_id(connection, site, sprint_ids), statuses)
    return {
        kind: tuple(naming.row(finding) for finding in _newest_first(by_kind[kind]))
        for kind in Contradiction
        if kind in by_kind
    }


def _newest_first(found: Sequence[Finding]) -> list[Finding]:
    """By `at`; those without keep their order, and migrations that made done stay first."""
    if not found or found[0].kind is Contradiction.MIGRATED_STATUS:
        return list(found)
    return sorted(found, key=lambda one: -(one.at.timestamp() if one.at else 0.0))


@dataclass(frozen=True, slots=True)
class _Naming:
    """Turns ids into what a reader knows."""

    team: StoredTeam
    issues: Mapping[int, Issue]
    sprints: Mapping[int, Sprint]
    statuses: Mapping[str, Status]

    def row(self, finding: Finding) -> QualityRow:
        if finding.issue_id is not None:
            issue = self.issues[finding.issue_id]
            return QualityRow(
                finding,
                key=issue.key,
                title=issue.summary,
                url=self.team.issue_url(issue.key),
                sprints=tuple(self.sprints[one].name for one in finding.sprint_ids),
                before=self._status(finding.before),
                after=self._status(finding.after),
            )
        if finding.sprint_id is not None:
            sprint = self.sprints[finding.sprint_id]
            return QualityRow(
                finding, str(sprint.id), sprint.name, source.sprint_url(self.team, sprint)
            )
        status = self.statuses[finding.status_id or ""]
        names = {s.name.casefold(): s.name for s in self.statuses.values() if s.is_listed}
        is_done = status.id in self.team.rules.done_status_ids
        meaning = meaning_of(status, is_done, names)
        return QualityRow(finding, status.id, status.name, None, meaning=meaning)

    def _status(self, status_id: str | float | None) -> str | None:
        if not isinstance(status_id, str):
            return None
        known = self.statuses.get(status_id)
        return known.name if known else status_id
