"""Reads what was known of a sprint at its start and close, beside what is known now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from telemetry.errors import NotFound
from telemetry.metrics.burndown import Day
from telemetry.metrics.figures import OF_IMPEDIMENTS
from telemetry.metrics.later_edits import (
    Differences,
    IssueEdits,
    close_differences,
    start_differences,
)
from telemetry.report.once import kept_by
from telemetry.report.shapes.burndown import Burndown, BurndownDay, BurndownEvent
from telemetry.report.shapes.snapshots import EditedIssue, Record, SprintRecords
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.sprint.summaries import read_summary
from telemetry.report.teams.team import StoredTeam
from telemetry.report.titles import title
from telemetry.store import schema as s
from telemetry.store.snapshots import CLOSE, START, Known, Snapshot, read_known, read_snapshots
from telemetry.store.terms import present
from telemetry.store.upsert import chunks

NOT_VISIBLE = "an issue that is no longer visible"
COMPARED = ("figures", "issues")


def read_records(connection: Connection, team: StoredTeam, sprint_id: int) -> SprintRecords:
    """A sprint's records beside its present figures.

    Raises NotFound for a sprint that the team does not have and of which nothing was kept.
    """
    found = _read_records(connection, team, sprint_id)
    sprint: SprintSummary | None = None
    try:
        sprint = read_summary(connection, team, sprint_id)
    except NotFound:
        if not found:
            raise
    return _then(connection, team, sprint_id, sprint, found)


def read_records_of(
    connection: Connection, team: StoredTeam, sprint: SprintSummary
) -> SprintRecords:
    """The records of a sprint whose present figures are read already."""
    found = _read_records(connection, team, sprint.id)
    return _then(connection, team, sprint.id, sprint, found)


def _read_records(
    connection: Connection, team: StoredTeam, sprint_id: int
) -> Mapping[str, Snapshot]:
    parts = ("dates", *COMPARED)
    return read_snapshots(connection, team.rules.key, team.rules.site, sprint_id, parts)


def _then(
    connection: Connection,
    team: StoredTeam,
    sprint_id: int,
    sprint: SprintSummary | None,
    found: Mapping[str, Snapshot],
) -> SprintRecords:
    key, site = team.rules.key, team.rules.site
    now = read_known(connection, key, site, [sprint_id], COMPARED).get(sprint_id) if found else None
    is_hidden = team.impediments_unknown is not None
    compared = {
        moment: (snapshot, _differences(snapshot, now, is_hidden=is_hidden))
        for moment, snapshot in found.items()
    }
    differing = {one.issue_id for _, differences in compared.values() for one in differences.issues}
    titles = read_titles(connection, team, differing)
    records = {
        moment: _record(snapshot, differences, now is not None, sprint, titles)
        for moment, (snapshot, differences) in compared.items()
    }
    return SprintRecords(sprint_id, sprint, records.get(START), records.get(CLOSE))


def known_events(known: Known, titles: Mapping[int, "Title"]) -> tuple[BurndownEvent, ...]:
    """The steps of the burndown of a record, with the titles of issues that are visible."""
    events = []
    for row in known.events:
        named = titles.get(row["issue_id"])
        key, summary = (named.key, named.summary) if named else (NOT_VISIBLE, "")
        events.append(BurndownEvent(row["at"], key, summary, row["kind"], row["delta_points"]))
    return tuple(events)


def known_days(known: Known) -> tuple[BurndownDay, ...]:
    """The days of the burndown of a record."""
    return tuple(BurndownDay(*(row[name] for name in Day.__slots__)) for row in known.days)


def read_burndown_at_close(connection: Connection, team: StoredTeam, sprint_id: int) -> Burndown:
    """The burndown as it was known at the close, without the ideal line; empty without a record."""
    found = read_snapshots(
        connection, team.rules.key, team.rules.site, sprint_id, ("days", "events")
    )
    if CLOSE not in found:
        return Burndown((), (), (), ())
    known = found[CLOSE].known
    titles = read_titles(connection, team, {row["issue_id"] for row in known.events})
    return Burndown(known_days(known), known_events(known, titles), (), ())


@dataclass(frozen=True, slots=True)
class Title:
    """What names an issue, as it does now."""

    key: str
    summary: str | None
    url: str


def _differences(snapshot: Snapshot, now: Known | None, *, is_hidden: bool) -> Differences:
    compare = close_differences if snapshot.moment == CLOSE else start_differences
    then = snapshot.known
    if is_hidden:  # nobody can tell what is an impediment: neither then nor now
        then, now = _without_impediments(then), now and _without_impediments(now)
    if now is None:
        pairs = compare(then.figures, then.figures, (), ()).figures
        return Differences(tuple(replace(pair, now=None) for pair in pairs), ())
    return compare(then.figures, now.figures, then.issues, now.issues)


def _without_impediments(known: Known) -> Known:
    nothing: dict[str, Any] = dict.fromkeys(known.figures.keys() & set(OF_IMPEDIMENTS))
    return replace(known, figures={**known.figures, **nothing, "natures": ()})


def read_titles(
    connection: Connection, team: StoredTeam, issue_ids: Iterable[int]
) -> dict[int, Title]:
    """Key, title and address of the issues that are still visible, as they are now."""
    wanted, kept = set(issue_ids), kept_by(connection)
    if kept is None:
        return _read_titles(connection, team, wanted)
    known: dict[int, Title | None] = kept.get(team.rules.key, "titles", dict)
    if unknown := wanted - known.keys():
        known |= dict.fromkeys(unknown) | _read_titles(connection, team, unknown)
    return {one: found for one in wanted if (found := known[one]) is not None}


def _read_titles(
    connection: Connection, team: StoredTeam, issue_ids: Iterable[int]
) -> dict[int, Title]:
    i = s.issues.c
    titles = {}
    for ids in chunks(sorted(issue_ids)):
        rows = connection.execute(
            select(i.id, i.key, i.summary).where(present(team.rules.site), i.id.in_(ids))
        )
        for row in rows:
            titles[row.id] = Title(row.key, title(connection, row.summary), team.issue_url(row.key))
    return titles


def _record(
    snapshot: Snapshot,
    differences: Differences,
    has_figures_now: bool,
    sprint: SprintSummary | None,
    titles: Mapping[int, Title],
) -> Record:
    now_at = None
    if sprint is not None:
        now_at = sprint.started_at if snapshot.moment == START else sprint.completed_at
    return Record(
        moment=snapshot.moment,
        at=snapshot.at,
        now_at=now_at,
        started_at=snapshot.known.dates["started_at"],
        taken_at=snapshot.taken_at,
        has_figures_now=has_figures_now,
        figures=differences.figures,
        issues=tuple(_edited(edits, titles.get(edits.issue_id)) for edits in differences.issues),
    )


def _edited(edits: IssueEdits, one: Title | None) -> EditedIssue:
    if one is None:
        return EditedIssue(edits.issue_id, None, None, None, edits.changes)
    return EditedIssue(edits.issue_id, one.key, one.summary, one.url, edits.changes)
