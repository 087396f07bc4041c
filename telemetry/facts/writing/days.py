"""Computes and writes the time of a team's days."""

from collections.abc import Mapping
from datetime import date, datetime

from telemetry.facts.affected import Window
from telemetry.facts.reading.source import Source
from telemetry.facts.reading.work import (
    Interval,
    TeamWork,
)
from telemetry.facts.writing.sprints import slot_rows
from telemetry.metrics.logged_time import team_time
from telemetry.store import schema as s
from telemetry.store.upsert import replace


def span_of(source: Source, first: date, last: date, as_of: datetime) -> Interval:
    """The time from the first day to the last, up to `as_of`."""
    calendar = source.rules.calendar
    return calendar.day_start(first), min(calendar.day_end(last), as_of)


def write_days(
    source: Source,
    work: TeamWork,
    known: Mapping[int, Window],
    first: date,
    last: date,
    as_of: datetime,
) -> int:
    """Compute and write the team's time from the first day to the last, up to `as_of`.

    Returns the number of rows that changed.
    """
    start, end = span_of(source, first, last, as_of)
    done = work.block(start, end).work
    scopes = [
        source.scope(window, as_of)
        for window in known.values()
        if len(done) and window.start < end and window.end > start
    ]
    seconds = team_time(done, scopes, has_sprints=source.rules.has_sprints)
    day = s.team_days.c.day
    return replace(
        source.connection,
        s.team_days,
        {"team_key": source.rules.key},
        slot_rows(seconds),
        within=day.between(first, last),
    )
