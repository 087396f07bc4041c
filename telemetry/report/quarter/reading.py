"""Reads a team's epics and what their children were, as facts have them."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, and_, select

from telemetry.domain.quarter import Quarter, read_quarter
from telemetry.metrics.epics import Child, EpicLabels, Spell, Step
from telemetry.metrics.quarter import Epic, EpicFigures
from telemetry.report.quarter.shapes import EpicRow
from telemetry.report.teams.team import StoredTeam
from telemetry.store import schema as s
from telemetry.store.upsert import chunks

EPIC, CHILD = s.epic_facts.c, s.epic_children.c


def read_labels(connection: Connection, team: StoredTeam) -> dict[int, EpicLabels]:
    """What the labels of all the team's epics say, by the epic's id."""
    columns = (EPIC.issue_id, EPIC.quarters, EPIC.programs, EPIC.odd, EPIC.spells)
    rows = connection.execute(
        select(*columns).where(EPIC.team_key == team.rules.key, EPIC.site == team.rules.site)
    )
    return {
        row.issue_id: EpicLabels(
            tuple(row.quarters),
            tuple(row.programs),
            tuple(row.odd),
            tuple(Spell(*one) for one in row.spells),
        )
        for row in rows
    }


def read_epics(
    connection: Connection, team: StoredTeam, labels: dict[int, EpicLabels]
) -> list[Epic]:
    """These epics with their children."""
    children: dict[int, list[Child]] = {}
    columns = (CHILD.epic_id, CHILD.issue_id, CHILD.is_dependency, CHILD.steps)
    here = (CHILD.team_key == team.rules.key, CHILD.site == team.rules.site)
    for ids in chunks(sorted(labels)):
        query = select(*columns).where(*here, CHILD.epic_id.in_(ids))
        for epic_id, issue_id, is_dependency, steps in connection.execute(query).all():
            one = Child(issue_id, is_dependency, tuple(Step(*step) for step in steps))
            children.setdefault(epic_id, []).append(one)
    return [Epic(i, found, children.get(i, ())) for i, found in labels.items()]


def quarters_known(labels: Iterable[EpicLabels]) -> list[Quarter]:
    """The quarters that epics are or were of, in order."""
    names = {spell.quarter for one in labels for spell in one.spells}
    return sorted(found for name in names if (found := read_quarter(name)) is not None)


def read_rows(
    connection: Connection, team: StoredTeam, figures: Sequence[EpicFigures]
) -> tuple[EpicRow, ...]:
    """The epics with what the tracker says of them now."""
    said = _said(connection, team, [one.issue_id for one in figures])
    return tuple(
        EpicRow(key, summary, team.issue_url(key), status, one, team.rules.key)
        for one in figures
        for key, summary, status in (said[one.issue_id],)
    )


def _said(
    connection: Connection, team: StoredTeam, ids: Collection[int]
) -> dict[int, tuple[str, str, str]]:
    i, named = s.issues.c, s.statuses.c
    joined = s.issues.join(
        s.statuses, and_(named.site == i.site, named.id == i.status_id), isouter=True
    )
    query = select(i.id, i.key, i.summary, i.status_id, named.name).select_from(joined)
    found = {}
    for some in chunks(sorted(ids)):
        for row in connection.execute(query.where(i.site == team.rules.site, i.id.in_(some))):
            found[row.id] = (row.key, row.summary, row.name or row.status_id)
    return found
