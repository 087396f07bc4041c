"""Epics whose labels name a quarter that is none, or several, as facts say."""

from datetime import datetime

from sqlalchemy import Connection, Text, or_, select, type_coerce

from telemetry.domain.quarter import Quarter, quarter_of, read_quarter
from telemetry.metrics.contradictions import Contradiction, Finding
from telemetry.report.quality.rows import QualityRow
from telemetry.report.teams.team import StoredTeam
from telemetry.report.titles import title
from telemetry.store import schema as s
from telemetry.store.epics import EPIC
from telemetry.store.terms import ISSUE, present


def label_rows(connection: Connection, team: StoredTeam) -> tuple[QualityRow, ...]:
    """A row for each epic with a label that is read as no quarter, and for each of several.

    Of those of several, the ones that count in a quarter that is not over or was the last.
    """
    if team.as_of is None:
        return ()
    last = last_quarter(team, team.as_of)
    has_odd = type_coerce(EPIC.odd, Text) != "[]"
    has_many = type_coerce(EPIC.quarters, Text).contains(",")
    columns = (EPIC.issue_id, EPIC.quarters, EPIC.odd, ISSUE.key, ISSUE.summary)
    found = []
    for row in connection.execute(
        select(*columns)
        .join_from(s.epic_facts, s.issues, (ISSUE.site == EPIC.site) & (ISSUE.id == EPIC.issue_id))
        .where(EPIC.team_key == team.rules.key, EPIC.site == team.rules.site)
        .where(or_(has_odd, has_many), present(team.rules.site))
        .order_by(EPIC.issue_id.desc())
    ):
        of = (row.issue_id, row.key, title(connection, row.summary), team.issue_url(row.key))
        if row.odd:
            found.append(_row(Contradiction.ODD_QUARTER, *of, "labelled " + ", ".join(row.odd)))
        known = [one for name in row.quarters if (one := read_quarter(name)) is not None]
        if len(known) > 1 and max(known) >= last:
            said = f"counts in {' and '.join(map(str, known))}"
            found.append(_row(Contradiction.SEVERAL_QUARTERS, *of, said))
    return tuple(found)


def last_quarter(team: StoredTeam, as_of: datetime) -> Quarter:
    """The quarter before the running one: what counts in it, or later, is still looked at."""
    calendar = team.rules.calendar
    return quarter_of(calendar.day_of(as_of), calendar.fiscal_year_start).before()


def _row(
    kind: Contradiction, issue_id: int, key: str, name: str | None, url: str, said: str
) -> QualityRow:
    return QualityRow(Finding(kind, issue_id=issue_id), key, name, url, said=said)
