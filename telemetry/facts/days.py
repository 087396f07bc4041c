"""Computes and writes the time of a team's days."""

from collections.abc import Mapping
from datetime import date, datetime

from telemetry.facts.affected import Window
from telemetry.facts.source import Source
from telemetry.facts.sprints import slot_rows
from telemetry.metrics.time import sprint_scope, team_time
from telemetry.store import schema as s
from telemetry.store.upsert import replace


def write_days(
    source: Source, known: Mapping[int, Window], first: date, last: date, as_of: datetime
) -> int:
    """Compute and write the team's time from the first day to the last, up to `as_of`.

    Returns the number of rows that changed.
    """
    calendar = source.rules.calendar
    start, end = calendar.day_start(first), min(calendar.day_end(last), as_of)
    work = source.work(start, end)
    worked = source.with_parents(source.read(work["issue_id"].tolist()))
    timelines = [timeline for _, timeline in worked.values()]
    scopes = [
        sprint_scope(window.sprint, timelines, as_of)
        for window in known.values()
        if window.start < end and window.end > start
    ]
    seconds = team_time(work, scopes, has_sprints=source.rules.has_sprints)
    day = s.team_days.c.day
    return replace(
        source.connection,
        s.team_days,
        {"team_key": source.rules.key},
        slot_rows(seconds),
        within=day.between(first, last),
    )
