"""What the wall shows of one team: few figures, each with its word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from telemetry.metrics.figures import SprintFigures
from telemetry.report.shapes.freshness import Freshness
from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.words import wall as words
from telemetry.words.values import Sentence
from web.pages.wall.chart import (
    WallChart,
    wall_chart,
)
from web.show.bars import Completion, completion
from web.show.numbers import hours, number
from web.show.text import text

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
    return WallView(
        about=text(words.about(page, zone)),
        fresh=_fresh(fresh, now, zone),
        stale_reason=fresh.reason if fresh.is_stale else None,
        reason=None if has_points else text(words.why_no_points(page)),
        done=number(figures.done_points) if figures else "",
        of_total=text(words.of_total(figures)) if figures else "",
        bar=completion(figures, is_running=sprint is not None and sprint.state == "active"),
        pace=_pace(sprint, figures) if has_points and sprint and figures else None,
        outlook=text(words.outlook(page, sprint, figures))
        if has_points and sprint and figures
        else "",
        time_left=_time_left(page),
        planned_end=text(words.planned_end(page, sprint, zone)) if sprint else "",
        chart=wall_chart(sprint, page.burndown, zone, page.today)
        if sprint and page.burndown
        else None,
        impediments=text(words.impediments(figures)),
        impediment_hours=text(words.impediment_hours(figures)),
        is_quiet=not (figures and figures.impediment_count),
        parts=_parts(figures, slots),
        open_impediments=text(words.still_open(page.open_impediments)),
    )


def _fresh(fresh: Freshness, now: datetime, zone: ZoneInfo) -> Status:
    is_good = fresh.as_of is not None and not fresh.is_stale
    return _status(words.fresh(fresh, now, zone), is_good=is_good)


def _pace(sprint: SprintSummary, figures: SprintFigures) -> Status | None:
    said = words.pace(sprint, figures)
    return _status(said, is_good=not words.is_behind(sprint, figures)) if said else None


def _status(said: Sentence, *, is_good: bool) -> Status:
    return Status("●", "good", text(said)) if is_good else Status("▲", "watch", text(said))


def _time_left(page: SprintPage) -> Status | None:
    said = words.time_left(page)
    if not said:
        return None
    is_over = (words.days_left(page) or 0) < 0
    return Status("■", "bad", text(said)) if is_over else Status("", "", text(said))


def _parts(figures: SprintFigures | None, slots: Mapping[str, str]) -> tuple[NaturePart, ...]:
    rows = figures.natures if figures else ()
    timed = sorted((row for row in rows if row.seconds), key=lambda row: -row.seconds)
    return tuple(
        NaturePart(row.nature, slots.get(row.nature, "other"), row.seconds, hours(row.seconds))
        for row in timed
    )
