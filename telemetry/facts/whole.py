"""All that there is to compute of one team."""

from collections.abc import Container
from datetime import date

from sqlalchemy import Connection, Table, delete, select

from telemetry.domain.team import TeamRules
from telemetry.facts.affected import all_days, in_order, runs, windows
from telemetry.facts.reading.batch import Team
from telemetry.facts.reading.work import first_work_at
from telemetry.facts.touched import Touched
from telemetry.store import schema as s
from telemetry.store.terms import EPIC_OF_MEMBER, ISSUE, MEMBER, own_issues
from telemetry.store.tracker import read_sprints

BESIDE_SPRINTS = (
    s.impediments,
    s.flow_issues,
    s.epic_facts,
    s.epic_children,
    s.quarter_facts,
    s.roadmap_forecasts,
    s.epic_forecasts,
    s.quarter_outlooks,
    s.quality_findings,
    s.quality_windows,
    s.quality_due,
    s.next_issues,
    s.team_forecasts,
    s.forecast_scores,
)


def all_of(connection: Connection, team: Team, *, is_complete: bool) -> Touched:
    """All of the team: what it has in history, and what is written of it."""
    rules, as_of = team.rules, team.as_of
    known = windows(read_sprints(connection, rules.site, rules.board_ids), as_of)
    every = in_order(known.values())
    own = set(connection.scalars(select(ISSUE.id).where(own_issues(rules))))
    first_at = first_work_at(connection, rules)
    days = all_days(first_at, as_of, rules.calendar) | _days_written(connection, rules)
    return Touched(
        impediments=sorted(own | _issues_written(connection, rules, s.impediments)),
        flow=sorted(own | _children(connection, rules) | _items_written(connection, rules)),
        sprints=every,
        forecasts=every,
        spells=list(runs(days)),
        known=known,
        dropped=_dropped(connection, rules, known),
        is_whole=True,
        is_last=True,
        is_complete=is_complete,
    )


def forget_other_sites(connection: Connection, rules: TeamRules) -> int:
    """Delete what was written beside its sprints while the team was of another site."""
    changed = 0
    for table in BESIDE_SPRINTS:
        other = (table.c.team_key == rules.key, table.c.site != rules.site)
        changed += connection.execute(delete(table).where(*other)).rowcount
    return changed


def _children(connection: Connection, rules: TeamRules) -> set[int]:
    """All that ever were children of the team's epics, whatever their own project."""
    query = select(MEMBER.issue_id).join_from(s.epic_members, s.issues, EPIC_OF_MEMBER)
    return set(connection.scalars(query.where(own_issues(rules), ISSUE.is_epic)))


def _items_written(connection: Connection, rules: TeamRules) -> set[int]:
    """The issues that are written as the team's items, epics, or children of these."""
    tables = (s.flow_issues, s.epic_facts, s.epic_children)
    return {i for table in tables for i in _issues_written(connection, rules, table)}


def _issues_written(connection: Connection, rules: TeamRules, table: Table) -> set[int]:
    """The issues that are written as the team's impediments or items."""
    c = table.c
    here = (c.team_key == rules.key, c.site == rules.site)
    return set(connection.scalars(select(c.issue_id).where(*here)))


def _days_written(connection: Connection, rules: TeamRules) -> set[date]:
    """The days that have time written."""
    c = s.team_days.c
    return set(connection.scalars(select(c.day).distinct().where(c.team_key == rules.key)))


def _dropped(
    connection: Connection, rules: TeamRules, known: Container[int]
) -> list[tuple[str, int]]:
    """The sprints with figures that are not among the known ones, or of another site."""
    c = s.sprint_facts.c
    rows = connection.execute(select(c.site, c.sprint_id).where(c.team_key == rules.key))
    return [(site, i) for site, i in rows if site != rules.site or i not in known]
