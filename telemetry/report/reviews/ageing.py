"""Reads what was in progress for longer than nearly all that a team had done."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from telemetry.metrics.flow import Passage
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
    found = too_old_of(read_passages(connection, team, at - YEAR, before=at), at, at)
    titles = read_titles(connection, team, {one.id for one in found.issues})
    return replace(found, issues=issues_named(found.issues, titles))


def too_old_of(passages: Sequence[Passage], start: datetime, at: datetime) -> Ageing:
    """What is in progress at an instant for longer than 95 of 100 done since a year before `start`.

    The issues have no titles.
    """
    limit, items = too_old(passages, start - YEAR, at)
    return Ageing(limit, tuple(map(bare_issue, items[:LYING_KEPT])))


def bare_issue(item: Item) -> FlowIssue:
    """An item of the flow without its title."""
    return FlowIssue(item.issue_id, "", "", "", item.points, item.days)
