"""Computes and writes what would have been simulated on each day of the closed sprints.

That follows from a sprint's own days and from those of the last sprints that were closed by then.
So a closed sprint that changed is told again with the few after it that learnt from it. What it
left open is followed until it is done: a change of such an issue touches its old sprint. What the
team's own record says of these simulations is told for all teams together: see `outlooks`.
"""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, delete, select

from telemetry.domain.models import SprintState
from telemetry.facts.reading.batch import Batch
from telemetry.metrics.burndown import Day
from telemetry.metrics.correction import to_stored
from telemetry.metrics.forecast import Moves, enough_sprints, working_day_moves
from telemetry.metrics.hindsight import ClosedDays, experiences
from telemetry.metrics.sprint_figures import Outcome
from telemetry.metrics.timeline import Timeline
from telemetry.store import schema as s
from telemetry.store.sprint_days import read_sprint_days
from telemetry.store.terms import FACT, SPRINT, figures_of
from telemetry.store.upsert import chunks, replace


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed sprint with figures, and the time that they cover."""

    id: int
    start: datetime
    end: datetime


def write_forecasts(batch: Batch) -> int:
    """Write the forecasts of the touched sprints and of those that learn from them.

    The facts of all of them are written before. A sprint that runs again has none.
    """
    touched = batch.touched.forecasts
    closed = [w.sprint.id for w in touched if w.sprint.state is SprintState.CLOSED]
    found = {one.id: one for one in _closed(batch, closed)}
    targets = dict(found)
    if not batch.touched.is_whole:
        for one in found.values():
            targets |= {other.id: other for other in _learning(batch, one)}
    changed = _forget(batch, {w.sprint.id for w in touched} - found.keys())
    if targets or changed or batch.touched.dropped or batch.touched.retold:
        batch.team.learns = True
    return changed + _write(batch, list(targets.values()))


def _query(batch: Batch) -> Select[Any]:
    """The team's closed sprints that have figures."""
    return (
        select(FACT.sprint_id, SPRINT.started_at, FACT.as_of)
        .join_from(s.sprint_facts, s.sprints, figures_of(batch.rules.key))
        .where(FACT.site == batch.rules.site)
        .where(SPRINT.state == SprintState.CLOSED.value, SPRINT.started_at.is_not(None))
    )


def _found(batch: Batch, query: Select[Any]) -> list[Closed]:
    return [Closed(*row) for row in batch.connection.execute(query)]


def _closed(batch: Batch, ids: Collection[int]) -> list[Closed]:
    found = []
    for some in chunks(sorted(ids)):
        found += _found(batch, _query(batch).where(FACT.sprint_id.in_(some)))
    return found


def _learning(batch: Batch, one: Closed) -> list[Closed]:
    """The sprint and those whose forecasts may rest on it: a few that were closed after it."""
    later = _query(batch).where(FACT.as_of > one.end).order_by(FACT.as_of)
    beyond = _found(batch, later.offset(batch.rules.velocity_sprints).limit(1))
    found = _query(batch).where(FACT.as_of >= one.end)
    if beyond:  # whoever began after it learnt from nearer ones
        found = found.where(SPRINT.started_at <= beyond[0].end)
    return _found(batch, found)


def _write(batch: Batch, targets: Sequence[Closed]) -> int:
    if not targets:
        return 0
    pool = _pool(batch, targets)
    ids = {one.id for one in (*targets, *pool)}
    days = read_sprint_days(batch.connection, batch.rules, ids, Day)
    moves = {i: working_day_moves(some, batch.rules.calendar) for i, some in days.items()}
    planned = _planned_ends(batch, targets)
    left = _left_done_on(batch, targets)
    rows: list[dict[str, Any]] = []
    for one in targets:
        calendar = batch.rules.calendar
        closed = ClosedDays(
            one.id,
            calendar.day_of(one.end),
            planned[one.id],
            days.get(one.id, ()),
            left.get(one.id),
        )
        others = [other for other in pool if other.id != one.id]
        known = experiences(closed, _pools(batch, others, moves, one, closed.days), calendar)
        stored = [to_stored(made) for made in known]
        if stored or closed.left_done_on:
            rows.append(
                {
                    "sprint_id": one.id,
                    "closed_on": closed.closed_on,
                    "left_done_on": closed.left_done_on,
                    "days": stored,
                }
            )
    within = s.sprint_forecasts.c.sprint_id.in_([one.id for one in targets])
    return replace(batch.connection, s.sprint_forecasts, _scope(batch), rows, within)


def _planned_ends(batch: Batch, targets: Sequence[Closed]) -> dict[int, date | None]:
    """The local days on which the sprints were to end."""
    found: dict[int, date | None] = {}
    for some in chunks([one.id for one in targets]):
        query = select(SPRINT.id, SPRINT.planned_end_at)
        query = query.where(SPRINT.site == batch.rules.site, SPRINT.id.in_(some))
        for sprint_id, end in batch.connection.execute(query):
            found[sprint_id] = None if end is None else batch.rules.calendar.day_of(end)
    return found


def _left_done_on(batch: Batch, targets: Sequence[Closed]) -> dict[int, date]:
    """When all estimated issues left at a sprint's close had become done; none where not all are.

    Sprints that left nothing are not among them.
    """
    c = s.sprint_issues.c
    left: dict[int, list[int]] = {}
    for some in chunks([one.id for one in targets]):
        query = select(c.sprint_id, c.issue_id).where(
            c.team_key == batch.rules.key,
            c.site == batch.rules.site,
            c.sprint_id.in_(some),
            c.outcome == Outcome.NOT_COMPLETED.value,
            c.final_points > 0,
        )
        for sprint_id, issue_id in batch.connection.execute(query):
            left.setdefault(sprint_id, []).append(issue_id)
    found = {}
    for one in targets:
        if one.id in left:
            lines = batch.timelines(left[one.id])
            ends = [_done_after(line, one.end) for line in lines.values()]
            known = [at for at in ends if at is not None]
            if known and len(known) == len(left[one.id]):
                found[one.id] = batch.rules.calendar.day_of(max(known))
    return found


def _done_after(line: Timeline, end: datetime) -> datetime | None:
    """When an issue first became done after a sprint's end."""
    return next((moment.at for moment in line.moments if moment.at > end and moment.is_done), None)


def _pools(
    batch: Batch,
    others: Sequence[Closed],
    moves: Mapping[int, list[Moves]],
    one: Closed,
    days: Sequence[Day],
) -> dict[date, list[Moves]]:
    """For each day the moves of the last sprints that were closed by its end, where enough were."""
    found: dict[date, list[Moves]] = {}
    made: dict[tuple[int, ...], list[Moves]] = {}
    for day in days:
        until = min(batch.rules.calendar.day_end(day.day), one.end)
        place = bisect_right(others, until, key=lambda other: other.end)
        last = others[max(0, place - batch.rules.velocity_sprints) : place]
        if len(last) >= enough_sprints(batch.rules.velocity_sprints):
            ids = tuple(other.id for other in last)
            if ids not in made:
                made[ids] = [move for i in ids for move in moves.get(i, ())]
            found[day.day] = made[ids]
    return found


def _pool(batch: Batch, targets: Sequence[Closed]) -> list[Closed]:
    """The closed sprints that these may learn from, by their ends."""
    first, last = min(one.start for one in targets), max(one.end for one in targets)
    count = batch.rules.velocity_sprints + 1  # one never learns from itself
    newest = (FACT.as_of.desc(), FACT.sprint_id.desc())
    before = _query(batch).where(FACT.as_of <= first).order_by(*newest).limit(count)
    since = _query(batch).where(FACT.as_of > first, FACT.as_of <= last)
    found = [*_found(batch, before), *_found(batch, since)]
    return sorted(found, key=lambda one: (one.end, one.id))


def _scope(batch: Batch) -> dict[str, Any]:
    return {"team_key": batch.rules.key, "site": batch.rules.site}


def _forget(batch: Batch, ids: Collection[int]) -> int:
    c, changed = s.sprint_forecasts.c, 0
    for some in chunks(sorted(ids)):
        changed += batch.connection.execute(
            delete(s.sprint_forecasts).where(
                c.team_key == batch.rules.key,
                c.site == batch.rules.site,
                c.sprint_id.in_(some),
            )
        ).rowcount
    return changed
