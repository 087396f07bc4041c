"""Keeps weeks that are over, at the first pull that sees them so.

Of a team that is new, weeks of its past are kept as history tells them then.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError

from telemetry.domain.bounds import SETTLING
from telemetry.domain.calendar import Calendar
from telemetry.domain.week import Week, read_week, week_of
from telemetry.errors import StoreError
from telemetry.report.reviews.week_frozen import to_json
from telemetry.report.reviews.week_reading import Weeks, first_week
from telemetry.report.teams.team import StoredTeam, read_team
from telemetry.store.engine import reading, writing
from telemetry.store.teams import raise_facts_version
from telemetry.store.week_reviews import StoredWeek, read_newest_weeks, write_weeks

_log = logging.getLogger(__name__)
PAST = 13  # weeks of a past that is read late
AT_ONCE = 50  # weeks of one pull: on Monday mornings one of each team is due
FIRST_AT_ONCE = 6  # of a first pull of a team, which takes long as it is: the next ones go on


def freeze_weeks(
    engine: Engine,
    site: str,
    as_of: Mapping[str, datetime],
    may_go_on: Callable[[], None] = lambda: None,
    *,
    is_first: bool = False,
) -> int:
    """Keep the weeks that are over and not kept, a team's oldest first; how many.

    The facts are those just written. `as_of` maps a team's key to Jira's clock at its pull.
    """
    with reading(engine) as connection:
        newest = read_newest_weeks(connection, site)
    count, left = 0, FIRST_AT_ONCE if is_first else AT_ONCE
    for key, at in as_of.items():
        if left <= 0:
            break
        known = read_week(newest.get(key, ""))
        if known is not None and not _may_be_due(known, at):
            continue
        may_go_on()
        try:
            with reading(engine) as connection:
                team = replace(read_team(connection, key), as_of=at)
                made = _made(connection, team, known, at, left)
        except (StoreError, OperationalError, InterfaceError):
            raise
        except Exception as error:
            _log.warning("weeks_not_kept team=%s error=%s", key, type(error).__name__)
            continue
        if made:
            left -= len(made)
            with writing(engine) as connection:
                write_weeks(connection, key, site, made)
                raise_facts_version(connection, key)
            count += len(made)
    return count


def _may_be_due(known: Week, at: datetime) -> bool:
    """Whether the week after the newest that is kept may be over somewhere on earth."""
    return at.date() > known.next().last_on


def _made(
    connection: Connection, team: StoredTeam, known: Week | None, at: datetime, most: int
) -> list[StoredWeek]:
    due = list(islice(_due(connection, team, known, at), most))
    if not due:
        return []
    weeks = Weeks(connection, team, due[0], due[-1], at)
    return [StoredWeek(str(one), at, to_json(weeks.kept(one), team.rules)) for one in due]


def _due(
    connection: Connection, team: StoredTeam, known: Week | None, at: datetime
) -> Iterator[Week]:
    """The weeks that are over and not kept, the oldest first."""
    last = _last_over(team.rules.calendar, at)
    begins = first_week(connection, team) if known is None else known.next()
    if begins is None:
        return
    week = max(begins, last.back(PAST - 1))
    while week <= last:
        yield week
        week = week.next()


def _last_over(calendar: Calendar, at: datetime) -> Week:
    return week_of(calendar.day_of(at - SETTLING)).back()
