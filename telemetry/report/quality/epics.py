"""Epics that are done though nothing below them is, or although something is open, as facts say.

Of those that count in a quarter that is not over or was the last, or in a program of no quarter.
"""

from sqlalchemy import Connection, select

from telemetry.metrics.contradictions import Contradiction, Finding
from telemetry.metrics.epic_figures import EpicFigures
from telemetry.metrics.standing import from_stored
from telemetry.report.quality.labels import last_quarter
from telemetry.report.quality.rows import QualityRow
from telemetry.report.teams.team import StoredTeam
from telemetry.report.titles import title
from telemetry.store import schema as s
from telemetry.store.terms import ISSUE, present
from telemetry.store.upsert import chunks

FACTS = s.quarter_facts.c
AHEAD = 8  # quarters that are looked at beyond the last
OF_NONE = ""  # the row of the epics that are of no quarter


def epic_rows(connection: Connection, team: StoredTeam) -> tuple[QualityRow, ...]:
    """A row for each epic that is done and has no child, or one that is not done."""
    if team.as_of is None:
        return ()
    odd = _odd(connection, team)
    rules, found = team.rules, []
    columns = (ISSUE.id, ISSUE.key, ISSUE.summary)
    for ids in chunks(sorted(odd)):
        query = select(*columns).where(present(rules.site), ISSUE.id.in_(ids))
        is_done = ISSUE.status_id.in_(sorted(rules.done_status_ids))
        for row in connection.execute(query.where(is_done)):
            kind, said = _said(odd[row.id])
            named = (row.key, title(connection, row.summary), team.issue_url(row.key))
            found.append(QualityRow(Finding(kind, issue_id=row.id), *named, said=said))
    return tuple(sorted(found, key=lambda row: -(row.finding.issue_id or 0)))


def _odd(connection: Connection, team: StoredTeam) -> dict[int, EpicFigures]:
    """The epics that would be odd if they were done."""
    if team.as_of is None:
        return {}
    quarters = [last_quarter(team, team.as_of)]
    while len(quarters) <= AHEAD:
        quarters.append(quarters[-1].next())
    names = [OF_NONE, *map(str, quarters)]
    query = select(FACTS.epics).where(
        FACTS.team_key == team.rules.key,
        FACTS.site == team.rules.site,
        FACTS.quarter.in_(names),
    )
    every = (
        one
        for stored in connection.scalars(query)
        for one in from_stored(stored, (), None, None).epics
    )
    return {one.issue_id: one for one in every if one.done_count < max(one.child_count, 1)}


def _said(one: EpicFigures) -> tuple[Contradiction, str]:
    if not one.child_count:
        return Contradiction.CHILDLESS_EPIC, "done, and no issue is below it"
    count = one.child_count - one.done_count
    verb = "is" if count == 1 else "are"
    return (
        Contradiction.OPEN_CHILDREN,
        f"closed, and {count} of {one.child_count} below it {verb} open",
    )
