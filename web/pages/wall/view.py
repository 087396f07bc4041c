"""What the wall shows of one team: few figures, each with its word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from telemetry.metrics.figures import SprintFigures
from telemetry.report.shapes import Freshness, ImpedimentRow, SprintPage, SprintSummary
from web.pages.wall.chart import (
    WallChart,
    wall_chart,
)
from web.show.bars import (
    Completion,
    completion,
)
from web.show.numbers import (
    NARROW,
    ON_THE_LINE,
    clock,
    counted,
    day,
    day_of,
    hours,
    number,
    percent,
    plural,
)

NATURES_NAMED = 3


@dataclass(frozen=True, slots=True)
class Status:
    """Words with their sign; `look` is good, watch or bad."""

    sign: str
    look: str
    words: str


@dataclass(frozen=True, slots=True)
class NaturePart:
    nature: str
    slot: str
    seconds: int
    hours: str


@dataclass(frozen=True, slots=True)
class WallView:
    """One team's view; `reason` stands in place of the figures of a sprint without points."""

    about: str
    fresh: Status
    stale_reason: str | None
    reason: str | None
    done: str
    of_total: str
    bar: Completion | None
    pace: Status | None
    outlook: str
    time_left: Status | None
    planned_end: str
    chart: WallChart | None
    impediments: str
    impediment_hours: str
    is_quiet: bool  # no impediment came up, or none is known of
    parts: tuple[NaturePart, ...]
    open_impediments: str


def wall_view(
    page: SprintPage, slots: Mapping[str, str], now: datetime, zone: ZoneInfo
) -> WallView:
    """The view of a team's current sprint, or why there is none."""
    sprint, fresh = page.sprint, page.team.freshness
    figures = sprint.figures if sprint else None
    has_points = figures is not None and bool(figures.total_points)
    count, spent = _impediments(figures)
    left = _time_left(page, sprint)
    return WallView(
        about=_about(page, sprint, zone),
        fresh=_fresh(fresh, now, zone),
        stale_reason=fresh.reason if fresh.is_stale else None,
        reason=None if has_points else _reason(page, sprint),
        done=number(figures.done_points) if figures else "",
        of_total=_of_total(figures) if figures else "",
        bar=completion(figures, is_running=sprint is not None and sprint.state == "active"),
        pace=_pace(sprint, figures) if has_points and sprint and figures else None,
        outlook=_outlook(page, sprint, figures) if has_points and sprint and figures else "",
        time_left=left,
        planned_end=_planned_end(sprint, zone, page.today, left) if sprint else "",
        chart=wall_chart(sprint, page.burndown, zone, page.today)
        if sprint and page.burndown
        else None,
        impediments=count,
        impediment_hours=spent,
        is_quiet=not (figures and figures.impediment_count),
        parts=_parts(figures, slots),
        open_impediments=_open(page.open_impediments),
    )


def _about(page: SprintPage, sprint: SprintSummary | None, zone: ZoneInfo) -> str:
    if sprint is None:
        return ""
    if sprint.state == "closed":
        return f"{sprint.name}, closed on {day_of(sprint.completed_at, zone, page.today)}"
    if page.working_day is None:
        return sprint.name
    planned = f" of {page.working_days_planned}" if page.working_days_planned else ""
    return f"{sprint.name}, day {page.working_day}{planned}"


def _fresh(fresh: Freshness, now: datetime, zone: ZoneInfo) -> Status:
    if fresh.as_of is None:
        return Status("▲", "watch", "no data yet")
    is_old = now - fresh.as_of > timedelta(days=1)
    at = (
        f"{day_of(fresh.as_of, zone, now.astimezone(zone).date())}, {clock(fresh.as_of, zone)}"
        if is_old
        else ""
    )
    # the teams of a wall may stand in several zones
    words = f"{at or clock(fresh.as_of, zone)} {fresh.as_of.astimezone(zone):%Z}"
    if fresh.is_stale:
        return Status("▲", "watch", f"stale, {words}")
    return Status("●", "good", words)


def _reason(page: SprintPage, sprint: SprintSummary | None) -> str:
    if sprint is None:
        if not page.team.has_sprints:
            return "This team’s board has no sprints (it is a kanban board)."
        return page.no_sprint_reason or "This team has no sprint yet."
    if sprint.figures is None:
        return f"{sprint.name} has no figures yet."
    count = sprint.figures.unestimated_count
    if not count:
        return f"No issue with an estimate is in {sprint.name}."
    return f"{counted(count, 'open issue')} in {sprint.name}, none of them estimated."


def _of_total(figures: SprintFigures) -> str:
    total = figures.total_points
    return f"of {number(total)} {plural(total, 'point')}"


def _pace(sprint: SprintSummary, figures: SprintFigures) -> Status | None:
    left, behind = figures.remaining_points, figures.behind_points
    if not left:
        return Status("●", "good", "all done")
    if sprint.state == "closed":
        return Status("▲", "watch", f"{number(left)} left")
    if behind is None or not figures.committed_points:
        return None
    if behind >= ON_THE_LINE:
        return Status("▲", "watch", f"{number(behind)} behind")
    is_ahead = behind <= -ON_THE_LINE
    return Status("●", "good", f"{number(-behind)} ahead" if is_ahead else "on the line")


def _outlook(page: SprintPage, sprint: SprintSummary, figures: SprintFigures) -> str:
    """When all may be done, an estimate; of a closed sprint how much of the commitment was kept."""
    if sprint.state == "closed":
        kept = figures.commitment_kept_percent
        return "" if kept is None else f"{percent(kept)} of the commitment kept"
    if not figures.remaining_points:
        return ""
    if figures.projected_85_on is not None:
        return f"≈{NARROW}all done by {day(figures.projected_85_on, page.today)}, {percent(85)}"
    if figures.projected_50_on is not None:
        return f"≈{NARROW}all done by {day(figures.projected_50_on, page.today)}, {percent(50)}"
    return f"{counted(figures.remaining_points, 'point')} left"


def _time_left(page: SprintPage, sprint: SprintSummary | None) -> Status | None:
    if sprint is None:
        return None
    if sprint.state == "closed":
        return Status("", "", "No sprint is running")
    if page.working_day is None or page.working_days_planned is None:
        return Status("", "", "Running")
    left = page.working_days_planned - page.working_day
    if left < 0:
        return Status("■", "bad", f"{counted(-left, 'day')} over")
    return Status("", "", "last day" if not left else f"{counted(left, 'day')} left")


def _planned_end(sprint: SprintSummary, zone: ZoneInfo, today: date, left: Status | None) -> str:
    """When the sprint is to end, after how many days are left, which are working days."""
    if sprint.planned_end_at is None:
        return "without a planned end"
    if sprint.state == "closed":
        return f"the last one was planned to end {day_of(sprint.planned_end_at, zone, today)}"
    end = day_of(sprint.planned_end_at, zone, today)
    is_counted = left is not None and left.words.endswith("left")
    return f"working days to {end}" if is_counted else f"planned end {end}"


def _impediments(figures: SprintFigures | None) -> tuple[str, str]:
    """How many impediments, and what they took; "" where no time is known."""
    if figures is None:
        return "", ""
    if not figures.impediment_count:
        return "No impediments", ""
    spent = hours(figures.impediment_seconds) if figures.impediment_seconds else ""
    return counted(figures.impediment_count, "impediment"), spent


def _parts(figures: SprintFigures | None, slots: Mapping[str, str]) -> tuple[NaturePart, ...]:
    rows = figures.natures if figures else ()
    timed = sorted((row for row in rows if row.seconds), key=lambda row: -row.seconds)
    return tuple(
        NaturePart(row.nature, slots.get(row.nature, "other"), row.seconds, hours(row.seconds))
        for row in timed
    )


def _open(rows: Sequence[ImpedimentRow]) -> str:
    if not rows:
        return ""
    ages = [row.age_working_days for row in rows if row.age_working_days is not None]
    text = f"{counted(len(rows), 'impediment')} {plural(len(rows), 'is', 'are')} open"
    return f"{text}, the oldest for {counted(max(ages), 'working day')}" if ages else text
