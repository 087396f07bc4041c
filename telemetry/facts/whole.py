"""Computes all facts of one team anew, a few sprints or months in a transaction.

Other writers get their turn in between. A crash leaves some facts old and some new: whoever asked
for all of them must ask again, as a pull does whose note on the team is still there.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import Engine, delete, select

from telemetry.domain.team import TeamRules
from telemetry.facts.affected import Touched, affected_sprints, all_days, runs, windows
from telemetry.facts.partly import SPRINT_TABLES
from telemetry.facts.reading.source import Source
from telemetry.facts.reading.work import TeamWork
from telemetry.facts.writing.days import (
    span_of,
    write_days,
)
from telemetry.facts.writing.flow import (
    flow_ids,
    forget_other_flow,
    write_flow,
)
from telemetry.facts.writing.forecasts import write_forecasts
from telemetry.facts.writing.impediments import (
    ISSUES_AT_ONCE,
    write_impediments,
)
from telemetry.facts.writing.sprints import write_sprint
from telemetry.store import schema as s
from telemetry.store.engine import writing
from telemetry.store.tracker import read_sprints
from telemetry.store.upsert import chunks

SPRINTS_AT_ONCE = 10
FORECASTS_AT_ONCE = 30  # sprints
SPELLS_AT_ONCE = 6


def write_whole(engine: Engine, rules: TeamRules, as_of: datetime) -> int:
    """Compute and write all facts of a team up to `as_of`; the number of rows that changed."""
    with writing(engine) as connection:
        source = Source(connection, rules)
        work = TeamWork(source)
        known = windows(read_sprints(connection, rules.site, rules.board_ids), as_of)
        changed = _forget(source, known) + forget_other_flow(source)
        issue_ids = sorted({*source.own_ids(), *source.impediment_ids(), *flow_ids(source)})
        days = all_days(work.first_at(), as_of, rules.calendar) | _days_written(source)
    for ids in chunks(issue_ids, 10 * ISSUES_AT_ONCE):
        with _writing(engine, source):
            changed += write_impediments(source, ids, as_of)[0] + write_flow(source, ids)
    every = affected_sprints(known, Touched(frozenset(known), frozenset(), ()))
    for some in chunks(every, SPRINTS_AT_ONCE):
        with _writing(engine, source):
            source.expect([window.sprint.id for window in some])
            work.expect((window.start, window.end) for window in some)
            changed += sum(write_sprint(source, work, window, as_of) for window in some)
    for some in chunks(every, FORECASTS_AT_ONCE):
        with _writing(engine, source):
            changed += write_forecasts(source, some)
    for spells in chunks(list(runs(days)), SPELLS_AT_ONCE):
        with _writing(engine, source):
            work.expect(span_of(source, *spell, as_of) for spell in spells)
            changed += sum(write_days(source, work, known, *spell, as_of) for spell in spells)
    return changed


@contextmanager
def _writing(engine: Engine, source: Source) -> Iterator[None]:
    """A transaction that the source reads in and facts are written in."""
    with writing(engine) as connection:
        source.connection = connection
        yield


def _forget(source: Source, known: Collection[int]) -> int:
    """Delete what was computed for sprints and of sites that are the team's no more."""
    changed = 0
    for table in SPRINT_TABLES:
        c = table.c
        is_other = (c.site != source.rules.site) | c.sprint_id.not_in(list(known))
        changed += source.connection.execute(
            delete(table).where(c.team_key == source.rules.key, is_other)
        ).rowcount
    return changed


def _days_written(source: Source) -> set[date]:
    """The days that have time written."""
    c = s.team_days.c
    query = select(c.day).distinct().where(c.team_key == source.rules.key)
    return set(source.connection.scalars(query))
