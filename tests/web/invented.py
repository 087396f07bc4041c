"""Invented sprints for the tests of the web: figures that add up, in many states."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from telemetry.metrics.estimates import ImpedimentCost, SprintEstimates
from telemetry.metrics.figures import Nature, SprintFigures, TimeSplit
from telemetry.metrics.forecast import Promise, Scores, Worth
from telemetry.metrics.gap import Cause, Part
from telemetry.report.shapes.burndown import Burndown, BurndownDay, BurndownEvent, IdealPoint
from telemetry.report.shapes.issues import SprintIssue
from telemetry.report.shapes.sprints import (
    ChoiceFigures,
    Outlook,
    SprintChoice,
    SprintDates,
    SprintSummary,
)
from telemetry.report.shapes.time import ImpedimentRow, TimeRow

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 5, 6, 13, 10, tzinfo=UTC)
AS_OF = datetime(2026, 5, 6, 13, 4, tzinfo=UTC)
TODAY = NOW.date()
HOUR = 3600
HOLIDAYS = {date(2026, 5, 1), date(2026, 5, 8), date(2026, 5, 14)}
MARKUP = "<script>alert('x')</script> & \"quotes\" </script>"
TITLES = (
    "Quota check before upgrade",
    "Rollback of a failed upgrade",
    "Upgrade window in the API",
    "Version skew warning",
    "Health gate before each node",
    MARKUP,
    "Übergang zu Größe 2 für Zürich",
    "节点升级前检查配额",
    "Audit of upgrade actions",
    "Registry mirror fallback with a summary that is long enough to need a second line in print",
)


def local(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), PARIS).astimezone(UTC)


def is_off(day: date) -> bool:
    return day.weekday() >= 5 or day in HOLIDAYS


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


EVENTS = (
    (date(2026, 4, 23), 16, "K8S-2279", "burned", -3.0),
    (date(2026, 4, 24), 11, "K8S-2283", "burned", -2.0),
    (date(2026, 4, 27), 9, "K8S-2311", "added", 3.0),
    (date(2026, 4, 27), 14, "K8S-2287", "burned", -3.0),
    (date(2026, 4, 28), 15, "K8S-2290", "burned", -5.0),
    (date(2026, 4, 29), 10, "K8S-2315", "added", 2.0),
    (date(2026, 4, 30), 10, "K8S-2294", "reestimated", 1.0),
    (date(2026, 4, 30), 17, "K8S-2296", "burned", -2.0),
    (date(2026, 5, 4), 11, "K8S-2305", "burned", -2.0),
    (date(2026, 5, 4), 16, "K8S-2308", "burned", -3.0),
    (date(2026, 5, 5), 9, "K8S-2298", "burned", -4.0),
    (date(2026, 5, 5), 11, "K8S-2299", "removed", -3.0),
    (date(2026, 5, 5), 15, "K8S-2301", "reopened", 2.0),
    (date(2026, 5, 6), 9, "K8S-2309", "burned", -3.0),
    (date(2026, 5, 6), 12, "K8S-2315", "burned", -2.0),
)
START, END = date(2026, 4, 22), date(2026, 5, 12)


def burndown() -> Burndown:
    events = tuple(
        BurndownEvent(local(day, hour), key, TITLES[n % len(TITLES)], kind, points)
        for n, (day, hour, key, kind, points) in enumerate(EVENTS)
    )
    work = [day for day in days_between(START, END) if not is_off(day)]
    ideal, corners, left = {}, [IdealPoint(local(START, 10), 38.0)], 38.0
    for day in days_between(START, END):
        left -= 0 if is_off(day) else 38 / len(work)
        ideal[day] = max(left, 0.0)
        corners.append(IdealPoint(local(day + timedelta(days=1), 0), max(left, 0.0)))
    rows, remaining, scope, done = [], 38.0, 38.0, 0.0
    for day in days_between(START, date(2026, 5, 6)):
        sums = dict.fromkeys(("added", "removed", "reestimated", "burned", "reopened"), 0.0)
        for at, _hour, _key, kind, points in EVENTS:
            if at == day:
                sums[kind] += points
        remaining += sum(sums.values())
        scope += sums["added"] + sums["removed"] + sums["reestimated"]
        done -= sums["burned"] + sums["reopened"]
        rows.append(
            BurndownDay(
                day,
                remaining,
                ideal[day],
                scope,
                done,
                sums["added"],
                -sums["removed"],
                sums["reestimated"],
                -sums["burned"],
                sums["reopened"],
            )
        )
    off = tuple(day for day in days_between(START, date(2026, 5, 20)) if is_off(day))
    return Burndown(tuple(rows), events, tuple(corners), off)


NATURES = (
    Nature("incident", 2, int(17.5 * HOUR)),
    Nature("support", 4, 11 * HOUR),
    Nature("dependency", 2, 6 * HOUR),
    Nature("environment", 1, int(2.5 * HOUR)),
    Nature("unknown", 1, 1 * HOUR),
)
USUAL = {
    "incident": 5.0 * HOUR,
    "support": 5.0 * HOUR,
    "dependency": 2.5 * HOUR,
    "environment": 1.0 * HOUR,
    "unknown": 0.5 * HOUR,
}
CHINESE = tuple(
    replace(row, nature=name)
    for row, name in zip(NATURES, ("网络", "客户支持", "依赖", "环境", "unknown"), strict=True)
)
RANKS = {row.nature: rank for rows in (NATURES, CHINESE) for rank, row in enumerate(rows[:4], 1)}


def part(cause: str, points: float, is_exact: bool, ids=(), hours=None) -> Part:
    return Part(Cause(cause), points, is_exact, ids, hours)


def changed(sprint: SprintSummary, **values) -> SprintSummary:
    """The sprint with other dates, figures or estimates, by whichever name they have."""
    figures: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for name, value in values.items():
        if name == "time":
            for field in fields(TimeSplit):
                figures[field.name] = getattr(value, field.name)
        elif name == "impediments":
            figures |= {
                "impediment_count": value.count,
                "impediments_opened_count": value.opened_count,
                "impediments_closed_count": value.closed_count,
                "impediments_open_count": value.open_count,
                "median_seconds_to_close": value.median_hours_to_close
                and value.median_hours_to_close * HOUR,
                "natures": value.by_nature,
            }
        elif name == "gap":
            figures["gap"] = tuple(one for one in value if one.is_exact)
            guessed = tuple(one for one in value if not one.is_exact)
            own["estimates"] = replace(sprint.estimates, gap=guessed)
        else:
            (figures if name in SprintFigures.__dataclass_fields__ else own)[name] = value
    return replace(sprint, figures=replace(sprint.figures, **figures), **own)


def choice(sprint: SprintSummary) -> SprintChoice:
    dates = [getattr(sprint, field.name) for field in fields(SprintDates)]
    found = sprint.figures
    points = found and ChoiceFigures(found.committed_points, found.completed_points)
    values = [*dates, points]
    return SprintChoice(*values)


SCORES = Scores(
    (Promise(50, 31, 60, 2.5), Promise(85, 48, 58, 2.0), Promise(95, 8, 9, 1.0)),
    (Promise(50, 29, 60, 3.5), Promise(85, 52, 60, 2.1)),
    0.125,
    60,
)
SIMULATED = Scores(
    (Promise(50, 22, 60, 2.75), Promise(85, 37, 60, 3.0), Promise(95, 44, 60, 2.5)),
    (Promise(50, 40, 60, 3.75), Promise(85, 56, 60, 2.2)),
    0.15,
    60,
)
RUNNING = SprintSummary(
    id=27,
    name="Sprint 27",
    state="active",
    goal="Customers upgrade a cluster without a maintenance window",
    started_at=local(START, 10),
    planned_end_at=local(END, 17),
    completed_at=None,
    figures=SprintFigures(
        as_of=AS_OF,
        committed_points=38,
        added_points=5,
        removed_points=3,
        reestimated_points=1,
        burned_points=29,
        reopened_points=2,
        completed_points=27,
        remaining_points=14,
        in_progress_points=8,
        done_points=27,
        total_points=41,
        completion_percent=100 * 27 / 41,
        commitment_kept_percent=63.2,
        carried_over_points=6,
        unestimated_count=2,
        expected_remaining_points=10,
        behind_points=4,
        projected_50_on=date(2026, 5, 13),
        projected_85_on=date(2026, 5, 15),
        projected_95_on=date(2026, 5, 18),
        finish_in_time_percent=22.4,
        done_by_end_50_points=36,
        done_by_end_85_points=32,
        left_by_end_50_points=5,
        working_days=13,
        counts={
            "committed": 14,
            "added": 2,
            "removed": 1,
            "reestimated": 1,
            "burned": 10,
            "reopened": 1,
            "remaining": 6,
            "completed": 9,
            "done": 9,
            "in_progress": 3,
            "todo": 3,
        },
        planned_seconds=201 * HOUR,
        impediment_seconds=38 * HOUR,
        off_plan_seconds=52 * HOUR,
        impediment_count=10,
        impediments_opened_count=9,
        impediments_closed_count=7,
        impediments_open_count=3,
        median_seconds_to_close=16.8 * HOUR,
        natures=NATURES,
        gap=(
            part("removed", 3, True, (2299,)),
            part("reestimated", -1, True, (2294,)),
            part("completed_beyond", -2, True, (2315,)),
            part("not_due", 7, True, (2302, 2304, 2301)),
            part("behind", 4, True, (2302, 2304, 2301)),
        ),
    ),
    no_figures_reason=None,
    estimates=SprintEstimates(
        remaining_without_impediments_points=None,
        impediment_cost=ImpedimentCost(1.75, 3.0),
        gap=(
            part("impediments", 3, False, hours=24),
            part("off_plan", 1, False, hours=8),
            part("rest", 0, False),
        ),
        usual_natures=USUAL,
    ),
    outlook=Outlook(None, Worth(SCORES, SIMULATED)),
)


def closed(number: int, *, name: str | None = None) -> SprintSummary:
    """A closed sprint with figures that vary with its number."""
    end = START - timedelta(days=1 + 21 * (26 - number))
    kept = 78 + (number * 7) % 20
    completed = round(40 * kept / 100)
    return changed(
        RUNNING,
        id=number,
        name=name or f"Sprint {number}",
        state="closed",
        started_at=local(end - timedelta(days=20), 10),
        planned_end_at=local(end, 17),
        completed_at=local(end, 17),
        as_of=local(end, 17),
        committed_points=40,
        completed_points=completed,
        done_points=completed,
        total_points=42,
        in_progress_points=2,
        remaining_points=42 - completed,
        completion_percent=100 * completed / 42,
        commitment_kept_percent=float(kept),
        expected_remaining_points=0,
        behind_points=42 - completed,
        working_days=15,
        projected_50_on=None,
        projected_85_on=None,
        projected_95_on=None,
        finish_in_time_percent=None,
        done_by_end_50_points=None,
        done_by_end_85_points=None,
        outlook=None,
        time=TimeSplit(230 * HOUR, (8 + number % 5 * 3) * HOUR, 55 * HOUR),
        gap=(
            part("removed", 1, True, (1,)),
            part("reestimated", 0, True),
            part("completed_beyond", -3, True, (2,)),
            part("unfinished", 42 - completed, True, (3,)),
            part("impediments", min(2, 42 - completed), False, hours=15),
            part("off_plan", 0, False, hours=0),
            part("rest", max(40 - completed, 0), False),
        ),
    )


DAILY_HOURS: dict[date, dict[str, float]] = {
    date(2026, 4, 22): {"support": 0.5},
    date(2026, 4, 23): {"support": 1},
    date(2026, 4, 24): {"dependency": 1},
    date(2026, 4, 27): {"incident": 2, "support": 1},
    date(2026, 4, 28): {"incident": 3.5, "support": 1},
    date(2026, 4, 29): {"incident": 9, "support": 1.5, "dependency": 1},
    date(2026, 4, 30): {"incident": 3, "support": 1, "dependency": 2},
    date(2026, 5, 4): {"support": 2, "dependency": 1, "environment": 1.5},
    date(2026, 5, 5): {"support": 2, "environment": 1, "unknown": 0.5},
    date(2026, 5, 6): {"support": 1, "dependency": 1, "unknown": 0.5},
}


def daily() -> tuple[TimeRow, ...]:
    rows = []
    for day in days_between(START, date(2026, 5, 6)):
        natures = {k: int(v * HOUR) for k, v in DAILY_HOURS.get(day, {}).items()}
        planned = 0 if is_off(day) else 22 * HOUR
        rows.append(TimeRow(day, TimeSplit(planned, sum(natures.values()), planned // 4), natures))
    return tuple(rows)


def issues(count: int = 20) -> tuple[SprintIssue, ...]:
    keys = [2279, 2283, 2287, 2290, 2294, 2296, 2305, 2308, 2298, 2315, 2309, 2299, 2301]
    keys += [2302, 2304, 2311, 2320, 2321, *range(3000, 3000 + count)]
    rows = []
    for n, number in enumerate(keys[:count]):
        done = n < 11
        removed = number == 2299
        rows.append(
            SprintIssue(
                id=number,
                key=f"K8S-{number}",
                summary=TITLES[n % len(TITLES)],
                url=f"https://jira.example.com/browse/K8S-{number}",
                type="Story" if n % 3 else "Bug",
                status="Done" if done else ("In Progress" if n % 2 else "To Do"),
                state="done" if done else ("in_progress" if n % 2 else "todo"),
                points=None if number in (2320, 2321) else float(2 + n % 3),
                initial_points=float(2 + n % 3),
                outcome="removed" if removed else ("completed" if done else "not_completed"),
                is_added=number in (2311, 2315),
                is_committed=number not in (2311, 2315),
                is_carried_over=number in (2302, 2304),
                is_impediment=number == 2321,
                seconds=n * 1800,
            )
        )
    return tuple(rows)


def impediments() -> tuple[ImpedimentRow, ...]:
    def row(number, summary, nature, day, hours, age, closed_on=None):
        url = f"https://jira.example.com/browse/K8S-{number}"
        ended = None if closed_on is None else local(closed_on, 16)
        seconds = int(hours * HOUR)
        return ImpedimentRow(f"K8S-{number}", summary, url, nature, local(day), ended, seconds, age)

    return (
        row(2318, "Quota rise waits for the network team", "dependency", date(2026, 4, 23), 5, 8),
        row(
            2331, "Staging registry answers 502 on Mondays", "environment", date(2026, 5, 4), 2.5, 3
        ),
        row(
            2334, "Customers ask why nodes drain twice " + MARKUP, "support", date(2026, 5, 5), 4, 2
        ),
        row(
            2326,
            "Control plane out of disk",
            "incident",
            date(2026, 4, 27),
            17.5,
            4,
            date(2026, 4, 30),
        ),
    )


def shares() -> tuple[TimeRow, ...]:
    rows = [TimeRow(START, RUNNING.figures.time, {}, "Sprint 27", RUNNING.id)]
    for number in range(26, 21, -1):
        sprint = closed(number)
        rows.append(
            TimeRow(sprint.started_at.date(), sprint.figures.time, {}, sprint.name, sprint.id)
        )
    return tuple(rows)
