"""Invented sprints to come and tables of sprints, from the invented sprints of a team."""

from collections.abc import Sequence
from datetime import date, timedelta

from telemetry.domain.calendar import DayOff
from telemetry.errors import NotFound
from telemetry.metrics.capacity import Capacity, completed_of_committed, spread
from telemetry.metrics.rhythm import PlannedDays
from telemetry.metrics.velocity import last_closed, sprint_velocity, velocity
from telemetry.report.shapes.next_sprint import Coming, NextIssue, NextSprint, TypeRow
from telemetry.report.shapes.sprints import SprintName, SprintSummary
from telemetry.report.sprint.summaries import closed_sprint
from telemetry.report.sprint.table import SprintTable
from tests.web.invented import RUNNING, TITLES, changed
from tests.web.invented_flow import CALENDAR

JIRA = "https://jira.example.com/browse/"
PLANNED_ID = 91
NOT_STARTED = "This sprint has not started, so it has no figures yet."
PLANNED = SprintSummary(
    PLANNED_ID, "Sprint 28", "future", "Fewer pages", None, None, None, None, NOT_STARTED
)
COUNT = 6


def next_sprint(sprints: Sequence[SprintSummary], *, is_planned: bool) -> NextSprint:
    """Eight issues against three weeks with two holidays; of a team without history, neither."""
    closed = [
        row for one in sprints if one.state == "closed" and (row := closed_sprint(one)) is not None
    ]
    last = last_closed(closed, COUNT)
    running = next((SprintName(s.id, s.name) for s in sprints if s.state == "active"), None)
    issues = tuple(_issue(n) for n in range(len(TITLES))) if is_planned else ()
    return NextSprint(
        unit="point",
        has_sprints=True,
        sprint=PLANNED if is_planned else None,
        days=PlannedDays(date(2026, 5, 13), date(2026, 6, 2), True, True) if last else None,
        usual_length_days=21 if last else None,
        working_days=13 if last else None,
        days_away=0.0,
        days_off=(
            DayOff(date(2026, 5, 14), "Ascension Day"),
            DayOff(date(2026, 5, 15), None),
            DayOff(date(2026, 5, 25), "Pentecost Monday"),
        )
        if last
        else (),
        velocity_points_per_day=2.6 if last else None,
        velocity_sprints=len(last),
        capacity=Capacity(33.8, 28.6, 33.0, 41.4, len(last)) if last else None,
        issues=issues,
        types=(TypeRow("Story", 6, 24.0, 1), TypeRow("<b>Bug</b>", 3, 6.0, 0))
        if is_planned
        else (),
        points=30.0 if is_planned else 0.0,
        carried_over_points=8.0 if is_planned else 0.0,
        carried_over_count=2 if is_planned else 0,
        coming=Coming(running, 14.0, date(2026, 5, 12), 3, 5.5 if last else None)
        if running
        else None,
        running=running,
        others=(),
    )


def _issue(number: int) -> NextIssue:
    return NextIssue(
        id=number,
        key=f"K8S-{2400 + number}",
        summary=TITLES[number],
        url=f"{JIRA}K8S-{2400 + number}",
        type="Story" if number % 3 else "<b>Bug</b>",
        status="To Do",
        state="done" if number == 9 else "todo",
        points=None if number == 4 else 3.0,
        is_carried_over=number < 2,
    )


def of_id(found: NextSprint, sprint_id: int | None) -> NextSprint:
    """The same where it is asked for by its id. Raises NotFound."""
    if sprint_id not in (None, PLANNED_ID):
        raise NotFound(f"there is no future sprint {sprint_id}")
    return found


def sprint_table(
    sprints: Sequence[SprintSummary], sort: str, first: int, limit: int
) -> SprintTable:
    """The sprints as they come, whatever the order asked for, reversed by `-`."""
    every = [PLANNED, *sprints] if sprints else []
    rows = every[::-1] if sort.startswith("-") else every
    closed = [
        row for one in sprints if one.state == "closed" and (row := closed_sprint(one)) is not None
    ]
    last = last_closed(closed, COUNT)
    return SprintTable(
        rows=tuple(rows[first : first + limit]),
        all_count=len(every),
        closed_count=len(closed),
        recent=tuple(reversed(sprints)),
        unit="point",
        velocity_sprints=COUNT,
        last=last,
        velocity_points_per_day=velocity(last, CALENDAR, COUNT).velocity_points_per_day,
        velocity_per_day=spread(map(sprint_velocity, last)),
        kept=completed_of_committed(last, COUNT),
    )


def many(count: int) -> list[SprintSummary]:
    """So many closed sprints, newest first, with the figures of the running one."""
    start = RUNNING.started_at
    return [
        changed(
            RUNNING,
            id=1000 + n,
            name=f"Sprint {n}",
            state="closed",
            started_at=start - timedelta(days=14 * (count - n)),
            completed_at=start - timedelta(days=14 * (count - n) - 13),
            as_of=start - timedelta(days=14 * (count - n) - 13),
        )
        for n in range(count, 0, -1)
    ]
