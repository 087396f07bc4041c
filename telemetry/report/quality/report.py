"""Reads what the tracker's data contradict for one team, as facts say, and names it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, exists, func, or_, select

from telemetry.domain.done import meaning_of
from telemetry.domain.models import Issue, Sprint, Status
from telemetry.metrics.contradictions import (
    ABOUT_SPRINTS,
    WORK_WINDOW,
    Contradiction,
    Finding,
    with_data,
)
from telemetry.metrics.quality_issues import crossing_first
from telemetry.report.quality.epics import epic_rows
from telemetry.report.quality.labels import label_rows
from telemetry.report.quality.rows import QualityRow
from telemetry.report.quality.unread import unread_rows
from telemetry.report.teams.team import StoredTeam
from telemetry.report.titles import are_shown
from telemetry.store import schema as s
from telemetry.store.issues import light_issues
from telemetry.store.tracker import read_sprints_by_id, read_statuses

FOUND, DAY = s.quality_findings.c, s.team_days.c
UNLISTED, K = Contradiction.UNLISTED_STATUS, Contradiction


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


def read_quality(connection: Connection, team: StoredTeam) -> Quality:
    """All that contradicts in the team's window, newest first within a kind."""
    if team.as_of is None:
        return Quality(None, team.rules.velocity_sprints)
    found = _read(connection, team, team.as_of)
    every = [finding for some in found.values() for finding in some]
    naming = _read_naming(connection, team, every)
    rows = {
        kind: tuple(row for one in _newest_first(found[kind]) if (row := naming.row(one)))
        for kind in Contradiction
        if kind in found
    }
    by_kind = defaultdict(list, {kind: list(some) for kind, some in rows.items()})
    said = _said(connection, team)
    for row in said:
        by_kind[row.finding.kind].append(row)
    every_row = {kind: tuple(by_kind[kind]) for kind in Contradiction if by_kind[kind]}
    return Quality(team.as_of, team.rules.velocity_sprints, every_row)


def read_finding_count(connection: Connection, team: StoredTeam) -> int | None:
    """How much contradicts; None before the first complete pull."""
    if team.as_of is None:
        return None
    statuses = func.count(case((FOUND.kind == UNLISTED.value, FOUND.status_id)).distinct())
    others = func.count(case((FOUND.kind != UNLISTED.value, 1)))
    found = connection.scalar(select(statuses + others).where(*_of_team(team, team.as_of)))
    said = _said(connection, team)
    return (found or 0) + len(said)


def _said(connection: Connection, team: StoredTeam) -> tuple[QualityRow, ...]:
    """What is not among the findings that are written, but follows from other facts."""
    return (
        *unread_rows(connection, team),
        *label_rows(connection, team),
        *epic_rows(connection, team),
        *_misfits(team),
    )


def _misfits(team: StoredTeam) -> tuple[QualityRow, ...]:
    """The team's settings that do not fit the tracker, with where they are written."""
    return tuple(
        QualityRow(Finding(K(one.topic.value)), one.place, "", None, said=one.sentence)
        for one in team.misfits
        if one.is_wrong
    )


def _of_team(team: StoredTeam, as_of: datetime) -> tuple[ColumnElement[bool], ...]:
    """The team's findings: impediments without time only where it logged any in 90 days."""
    first = team.rules.calendar.day_of(as_of - WORK_WINDOW)
    logs_time = exists().where(DAY.team_key == team.rules.key, DAY.day >= first, DAY.seconds > 0)
    needs_time = FOUND.kind == Contradiction.IMPEDIMENT_WITHOUT_TIME.value
    return (
        FOUND.team_key == team.rules.key,
        FOUND.site == team.rules.site,
        or_(~needs_time, logs_time),
    )


def _read(
    connection: Connection, team: StoredTeam, as_of: datetime
) -> dict[Contradiction, list[Finding]]:
    """The findings by kind: of issues by id, of sprints those first that run, of statuses most."""
    query = select(FOUND.kind, FOUND.about_id, FOUND.status_id, FOUND.data)
    rows = connection.execute(query.where(*_of_team(team, as_of)).order_by(FOUND.about_id))
    found: defaultdict[Contradiction, list[Finding]] = defaultdict(list)
    statuses: Counter[str] = Counter()
    for name, about_id, status_id, data in rows:
        kind = Contradiction(name)
        if kind is UNLISTED:
            statuses[status_id] += 1
        elif kind in ABOUT_SPRINTS:
            found[kind].append(with_data(Finding(kind, sprint_id=about_id), data))
        else:
            found[kind].append(with_data(Finding(kind, issue_id=about_id), data))
    for status_id, count in sorted(statuses.items(), key=lambda pair: (-pair[1], pair[0])):
        found[UNLISTED].append(Finding(UNLISTED, status_id=status_id, count=count))
    place = {sprint_id: number for number, sprint_id in enumerate(_window(connection, team))}
    for kind in ABOUT_SPRINTS & found.keys():
        found[kind].sort(key=lambda one: place.get(one.sprint_id or 0, len(place)))
    return found


def _window(connection: Connection, team: StoredTeam) -> list[int]:
    """The sprints that were looked at: running ones, then closed ones, newest first."""
    c = s.quality_windows.c
    query = select(c.sprints).where(c.team_key == team.rules.key, c.site == team.rules.site)
    return [sprint_id for sprint_id, *_ in connection.scalar(query) or ()]


def _newest_first(found: Sequence[Finding]) -> list[Finding]:
    """By `at`; those without keep their order, and migrations that made done come first."""
    if found[0].kind is Contradiction.MIGRATED_STATUS:
        return crossing_first(found)
    return sorted(found, key=lambda one: -(one.at.timestamp() if one.at else 0.0))


def _read_naming(connection: Connection, team: StoredTeam, found: Iterable[Finding]) -> "_Naming":
    site = team.rules.site
    issue_ids = {one.issue_id for one in found if one.issue_id}
    sprint_ids = {i for one in found for i in (*one.sprint_ids, one.sprint_id) if i}
    return _Naming(
        team,
        light_issues(connection, site, issue_ids),
        read_sprints_by_id(connection, site, sprint_ids),
        read_statuses(connection, site),
        are_shown(connection),
    )


@dataclass(frozen=True, slots=True)
class _Naming:
    """Turns ids into what a reader knows; what history has lost meanwhile has no row."""

    team: StoredTeam
    issues: Mapping[int, Issue]
    sprints: Mapping[int, Sprint]
    statuses: Mapping[str, Status]
    are_titles_shown: bool

    def row(self, finding: Finding) -> QualityRow | None:
        if finding.issue_id is not None:
            return self._issue(finding, self.issues.get(finding.issue_id))
        if finding.sprint_id is not None:
            return self._sprint(finding, self.sprints.get(finding.sprint_id))
        return self._unlisted(finding, self.statuses.get(finding.status_id or ""))

    def _issue(self, finding: Finding, issue: Issue | None) -> QualityRow | None:
        if issue is None or issue.gone_at is not None:
            return None
        return QualityRow(
            finding,
            key=issue.key,
            title=issue.summary if self.are_titles_shown else None,
            url=self.team.issue_url(issue.key),
            sprints=tuple(self.sprints[i].name for i in finding.sprint_ids if i in self.sprints),
            before=self._status(finding.before),
            after=self._status(finding.after),
        )

    def _sprint(self, finding: Finding, sprint: Sprint | None) -> QualityRow | None:
        if sprint is None:
            return None
        return QualityRow(finding, str(sprint.id), sprint.name, _sprint_url(self.team, sprint))

    def _unlisted(self, finding: Finding, status: Status | None) -> QualityRow | None:
        if status is None:
            return None
        names = {s.name.casefold(): s.name for s in self.statuses.values() if s.is_listed}
        is_done = status.id in self.team.rules.done_status_ids
        meaning = meaning_of(status, is_done, names)
        return QualityRow(finding, status.id, status.name, None, meaning=meaning)

    def _status(self, status_id: str | float | None) -> str | None:
        if not isinstance(status_id, str):
            return None
        known = self.statuses.get(status_id)
        return known.name if known else status_id


def _sprint_url(team: StoredTeam, sprint: Sprint) -> str:
    """The sprint's report in Jira."""
    board = "" if sprint.board_id is None else f"rapidView={sprint.board_id}&"
    return (
        f"{team.site_url.rstrip('/')}/secure/RapidBoard.jspa?{board}view=reporting"
        f"&chart=sprintRetrospective&sprint={sprint.id}"
    )
