"""Freezes the reviews of closed sprints: what is known at a pull that sees a sprint closed.

A pull that comes late, or a program that learns of reviews, keeps of past sprints what history
says of them then.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError

from telemetry.errors import StoreError
from telemetry.report.reviews.frozen import Kept, to_json
from telemetry.report.reviews.reading import read_beside
from telemetry.report.shapes.freshness import Freshness
from telemetry.report.sprint import summaries as read
from telemetry.report.sprint_page import read_page
from telemetry.report.teams.team import StoredTeam, read_team, team_row
from telemetry.store.engine import reading, writing
from telemetry.store.reviews import StoredReview, read_due, write_review
from telemetry.store.teams import raise_facts_version

_log = logging.getLogger(__name__)
AT_ONCE = 6  # reviews of one pull beside each team's newest: the past freezes over many pulls


def freeze(
    engine: Engine,
    site: str,
    as_of: Mapping[str, datetime],
    may_go_on: Callable[[], None] = lambda: None,
    *,
    is_first: bool = False,
) -> int:
    """Keep the reviews that closed sprints of these teams lack; how many.

    `as_of` maps a team's key to Jira's clock at its pull. The facts are those just written.
    A first pull of a team takes long as it is: its past is left to those after it.
    """
    with reading(engine) as connection:
        due = read_due(connection, site, as_of.keys())
    begun: set[str] = set()
    left, count = 0 if is_first else AT_ONCE, 0
    for key, sprint_id in due:
        if key in begun:
            if not left:
                continue
            left -= 1
        begun.add(key)
        may_go_on()
        try:
            with reading(engine) as connection:
                team = replace(read_team(connection, key), as_of=as_of[key])
                made = _made(connection, team, sprint_id, as_of[key])
        except (StoreError, OperationalError, InterfaceError):
            raise
        except Exception as error:
            kind = type(error).__name__
            _log.warning("review_not_kept team=%s sprint=%d error=%s", key, sprint_id, kind)
            continue
        with writing(engine) as connection:
            write_review(connection, key, site, made)
            raise_facts_version(connection, key)
        count += 1
    return count


def _made(
    connection: Connection, team: StoredTeam, sprint_id: int, as_of: datetime
) -> StoredReview:
    sprint = read.read_summary(connection, team, sprint_id)
    row = team_row(team, Freshness(as_of, as_of, False))
    page = read_page(connection, team, row, sprint, as_of)
    beside, earlier = read_beside(connection, team, page, as_of)
    kept = Kept(sprint.name, sprint.goal, team.rules, earlier, beside)
    return StoredReview(sprint_id, as_of, to_json(kept))
