"""Reads what the forecast of a running sprint is worth."""

from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from telemetry.metrics.forecast import worth_from_stored
from telemetry.report.shapes.sprints import Outlook, SprintSummary
from telemetry.report.teams.team import StoredTeam
from telemetry.store import schema as s


def calibrated(connection: Connection, team: StoredTeam, sprint: SprintSummary) -> SprintSummary:
    """A running sprint with what its forecast is worth, or why it has none; others as they are."""
    if sprint.figures is None or sprint.state != "active":
        return sprint
    given = {"team_key": team.rules.key, "site": team.rules.site, "sprint_id": sprint.id}
    row = connection.execute(_outlook(), given).first()
    if row is None:
        return sprint
    worth = None if row.worth is None else worth_from_stored(row.worth)
    return replace(sprint, outlook=Outlook(row.why_none, worth))


@cache
def _outlook() -> Select[*tuple[Any, ...]]:
    c = s.sprint_outlooks.c
    keys = ("team_key", "site", "sprint_id")
    return select(c.why_none, c.worth).where(*(c[name] == bindparam(name) for name in keys))
