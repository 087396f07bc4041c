"""Computes and writes the facts of sprints, and forgets those that are the team's no more."""

from collections.abc import Collection, Mapping
from itertools import product
from typing import Any

from sqlalchemy import Table, delete, select

from telemetry.domain.models import Field, SprintState
from telemetry.facts.affected import Window
from telemetry.facts.reading.batch import Batch
from telemetry.metrics.burndown import burndown_days, burndown_events
from telemetry.metrics.figures import OUTLOOK, all_figures, to_stored
from telemetry.metrics.forecast import UNKNOWN, Outlook
from telemetry.metrics.gap import exact_parts
from telemetry.metrics.impediment import impediment_figures, is_labelled, was_flagged
from telemetry.metrics.logged_time import (
    Slot,
    impediment_seconds_by_issue,
    team_time,
    totals,
)
from telemetry.metrics.sprint_figures import (
    sprint_figures,
    sprint_issues,
)
from telemetry.metrics.sprint_walk import (
    SprintWalk,
    walk_sprint,
)
from telemetry.store import schema as s
from telemetry.store.history import read_changed_fields
from telemetry.store.terms import FACT
from telemetry.store.upsert import replace

Rows = list[dict[str, Any]]
SPRINT_TABLES = (
    s.sprint_facts,
    s.sprint_days,
    s.sprint_events,
    s.sprint_issues,
    s.sprint_time,
    s.sprint_forecasts,
    s.sprint_outlooks,
)


def _outlook(batch: Batch, window: Window) -> Outlook:
    """What is forecast of a running sprint stays until all teams are written: see `outlooks`."""
    if window.sprint.state is not SprintState.ACTIVE:
        return UNKNOWN
    row = batch.connection.execute(
        select(*(FACT[name] for name in OUTLOOK)).where(
            FACT.team_key == batch.rules.key,
            FACT.site == batch.rules.site,
            FACT.sprint_id == window.sprint.id,
        )
    ).first()
    return UNKNOWN if row is None else Outlook(*row)


def _impeded(batch: Batch, walk: SprintWalk) -> set[int]:
    """The sprint's issues that are impediments by label, or were flagged in it.

    By the team's rules alone, whatever became of an issue and whose project it is of.
    """
    rules, site = batch.rules.impediment, batch.rules.site
    issues = {one.issue_id: one.timeline.issue for one in walk.issues}
    found = {number for number, issue in issues.items() if is_labelled(issue, None, rules)}
    if rules.is_flagged_counted:
        rest = issues.keys() - found
        histories = read_changed_fields(batch.connection, site, rest, (Field.FLAGGED,))
        found |= {i for i, one in histories.items() if was_flagged(one, walk.start, walk.end)}
    return found


def _issue_rows(
    batch: Batch, walk: SprintWalk, seconds: Mapping[int, int], lost: Collection[int]
) -> Rows:
    return [
        {
            **fields_of(figures),
            "outcome": figures.outcome.value,
            "is_impediment": figures.issue_id in lost,
            "seconds": seconds.get(figures.issue_id, 0),
        }
        for figures in sprint_issues(walk, batch.rules, batch.closed_at)
    ]


def fields_of(value: Any) -> dict[str, Any]:
    """The fields of a flat value by name; `asdict` would copy them deeply, one by one."""
    return {name: getattr(value, name) for name in value.__slots__}


def slot_rows(seconds: Mapping[Slot, int]) -> Rows:
    """Time as rows of day, class and nature."""
    return [
        {"day": slot.day, "kind": slot.kind.value, "nature": slot.nature, "seconds": amount}
        for slot, amount in seconds.items()
        if amount
    ]


def write_sprints(batch: Batch) -> int:
    """Compute and write all facts of the touched sprints, table by table."""
    tables: dict[Table, Rows] = {}
    for window in batch.touched.sprints:
        for table, rows in _facts(batch, window).items():
            ours = ({"sprint_id": window.sprint.id, **row} for row in rows)
            tables.setdefault(table, []).extend(ours)
    scope = {"team_key": batch.rules.key, "site": batch.rules.site}
    ids = [window.sprint.id for window in batch.touched.sprints]
    return sum(
        replace(batch.connection, table, scope, rows, within=table.c.sprint_id.in_(ids))
        for table, rows in tables.items()
    )


def forget_sprints(batch: Batch) -> int:
    """Delete what was computed for sprints that are the team's no more."""
    changed = 0
    for table, (site, sprint_id) in product(SPRINT_TABLES, batch.touched.dropped):
        c = table.c
        here = (c.team_key == batch.rules.key, c.site == site, c.sprint_id == sprint_id)
        changed += batch.connection.execute(delete(table).where(*here)).rowcount
    return changed


def _facts(batch: Batch, window: Window) -> dict[Table, Rows]:
    """The rows of one sprint by their tables, without their keys of team and sprint."""
    rules, calendar = batch.rules, batch.rules.calendar
    walk = walk_sprint(window.sprint, batch.counted_in(window), batch.as_of)
    block = batch.work.block(window.start, window.end)
    slots = team_time(block.work, batch.scopes([window]))
    lost = impediment_figures(
        (span for some in block.spans.values() for span in some),
        impediment_seconds_by_issue(block.work),
        window.start,
        window.end,
    )
    scope_ids = [issue.issue_id for issue in walk.issues]
    seconds = batch.work.seconds_of(scope_ids, window.start, window.end)
    issue_rows = _issue_rows(batch, walk, seconds, _impeded(batch, walk))
    worked = sprint_figures(walk, rules, batch.closed_at)
    gap = exact_parts(walk, calendar)
    figures = all_figures(worked, _outlook(batch, window), totals(slots), lost, gap)
    days: Rows = [fields_of(day) for day in burndown_days(walk, calendar)]
    events: Rows = [
        {**fields_of(event), "ordinal": number}
        for number, event in enumerate(burndown_events(walk))
    ]
    return {
        s.sprint_facts: [to_stored(figures)],
        s.sprint_days: days,
        s.sprint_events: events,
        s.sprint_issues: issue_rows,
        s.sprint_time: slot_rows(slots),
    }
