"""What the marks of one team's changes touch, and the computation of just that."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, delete, select

from telemetry.domain.models import Sprint
from telemetry.facts.affected import (
    Touched,
    Window,
    affected_days,
    affected_sprints,
    runs,
    windows,
)
from telemetry.facts.marks import Marks
from telemetry.facts.reading.source import Source
from telemetry.facts.reading.work import TeamWork
from telemetry.facts.writing.days import (
    span_of,
    write_days,
)
from telemetry.facts.writing.forecasts import write_touched_forecasts
from telemetry.facts.writing.impediments import write_impediments
from telemetry.facts.writing.sprints import write_sprint
from telemetry.store import schema as s
from telemetry.store.tracker import read_sprints_by_id, read_started_sprints
from telemetry.store.upsert import chunks

SPRINT_TABLES = (
    s.sprint_facts,
    s.sprint_days,
    s.sprint_events,
    s.sprint_issues,
    s.sprint_time,
    s.sprint_forecasts,
)


@dataclass(frozen=True, slots=True)
class TeamChanges:
    """What changed for one team: its issues, the site's sprints, and the time since `before`.

    `sprints` maps sprints whose own dates changed to the earlier of their starts.
    """

    marks: Marks
    sprints: Mapping[int, datetime | None]
    before: datetime | None


def write_touched(source: Source, work: TeamWork, changes: TeamChanges, as_of: datetime) -> int:
    """Compute again what the changes touch, up to `as_of`; the number of rows that changed."""
    rules, marks = source.rules, changes.marks
    children = source.children(marks.issue_ids)
    changed, spans = write_impediments(source, [*marks.issue_ids, *children], as_of)
    own = _own_sprints(source, changes.sprints)
    dropped = written_sprints(source, changes.sprints) - windows(own, as_of).keys()
    changed += forget_sprints(source, dropped)
    own_ids = {sprint.id for sprint in own}
    starts = [
        since
        for sprint_id, since in changes.sprints.items()
        if sprint_id in own_ids | dropped and since is not None
    ]
    touched = Touched(
        sprint_ids=frozenset(marks.sprint_ids)
        | _sharing_issues(source, changes.sprints.keys() - own_ids),
        instants=marks.started | work.starts(children),
        spans=spans,
        since=min(starts, default=None),
    )
    days = affected_days(touched, rules.calendar, changes.before, as_of)
    known = _windows(source, touched, days, as_of)
    affected = affected_sprints(known, touched)
    spells = list(runs(days))
    intervals = [(window.start, window.end) for window in affected]
    work.expect([*intervals, *(span_of(source, *spell, as_of) for spell in spells)])
    changed += sum(write_sprint(source, work, window, as_of) for window in affected)
    changed += write_touched_forecasts(source, affected)
    return changed + sum(write_days(source, work, known, *spell, as_of) for spell in spells)


def _own_sprints(source: Source, sprint_ids: Iterable[int]) -> list[Sprint]:
    """Those of the sprints whose origin is one of the team's boards."""
    found = read_sprints_by_id(source.connection, source.rules.site, sprint_ids)
    return [sprint for sprint in found.values() if sprint.board_id in source.rules.board_ids]


def _windows(
    source: Source, touched: Touched, days: Collection[date], as_of: datetime
) -> dict[int, Window]:
    """The windows among which the touched ones are, and all that the days lie in."""
    calendar = source.rules.calendar
    moments = [*touched.instants, *(moment for span in touched.spans for moment in span)]
    if touched.since is not None:
        moments += [touched.since, as_of]
    if days:
        moments += [calendar.day_start(min(days)), calendar.day_end(max(days))]
    found = read_started_sprints(
        source.connection,
        source.rules.site,
        source.rules.board_ids,
        among=touched.sprint_ids,
        during=(min(moments), max(moments)) if moments else None,
    )
    return windows(found, as_of)


def forget_sprints(source: Source, sprint_ids: Collection[int]) -> int:
    """Delete what was computed for sprints that are the team's no more."""
    if not sprint_ids:
        return 0
    changed = 0
    for table in SPRINT_TABLES:
        c = table.c
        changed += source.connection.execute(
            delete(table).where(
                c.team_key == source.rules.key,
                c.site == source.rules.site,
                c.sprint_id.in_(sprint_ids),
            )
        ).rowcount
    return changed


def written_sprints(source: Source, sprint_ids: Iterable[int]) -> set[int]:
    """Those of the sprints that have figures of the team."""
    c = s.sprint_facts.c
    found: set[int] = set()
    for ids in chunks(sorted(sprint_ids)):
        query = select(c.sprint_id).where(
            c.team_key == source.rules.key, c.site == source.rules.site, c.sprint_id.in_(ids)
        )
        found.update(source.connection.scalars(query))
    return found


def _sharing_issues(source: Source, sprint_ids: Iterable[int]) -> frozenset[int]:
    """The sprints that ever held an issue of these: their close tells what was carried over."""
    here, there = s.sprint_members, s.sprint_members.alias()
    same_issue = and_(there.c.site == here.c.site, there.c.issue_id == here.c.issue_id)
    found: set[int] = set()
    for ids in chunks(sorted(sprint_ids)):
        query = select(there.c.sprint_id).distinct().join_from(here, there, same_issue)
        query = query.where(here.c.site == source.rules.site, here.c.sprint_id.in_(ids))
        found.update(source.connection.scalars(query))
    return frozenset(found)
