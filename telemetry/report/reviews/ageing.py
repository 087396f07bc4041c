"""Reads what was in progress for longer than nearly all that a team had done."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from telemetry.metrics.week import Item, too_old
from telemetry.report.flow import read_passages
from telemetry.report.reviews.frozen import issues_named
from telemetry.report.reviews.shapes import Ageing, FlowIssue
from telemetry.report.sprint.snapshots import read_titles
from telemetry.report.teams.team import StoredTeam

YEAR = timedelta(days=365)
LYING_KEPT = 100  # items in progress, the oldest


def read_ageing(connection: Connection, team: StoredTeam, at: datetime) -> Ageing:
    """What was too old at an instant, with the titles of now."""
    passages = read_passages(connection, team, at - YEAR, before=at)
    found = ageing(*too_old(passages, at - YEAR, at))
    titles = read_titles(connection, team, {one.id for one in found.issues})
    return replace(found, issues=issues_named(found.issues, titles))


def ageing(limit: float | None, items: Sequence[Item]) -> Ageing:
    """What is in progress for longer than the limit; the issues have no titles."""
    return Ageing(limit, tuple(map(bare_issue, items[:LYING_KEPT])))


def bare_issue(item: Item) -> FlowIssue:
    """An item of the flow without its title."""
    return FlowIssue(item.issue_id, "", "", "", item.points, item.days)
