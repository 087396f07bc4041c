"""The page of a week's review, and what its template shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from telemetry.domain.week import Week
from telemetry.report.reviews.shapes import FlowIssue
from telemetry.report.reviews.week_shapes import WeekReview, WeekSprint
from telemetry.report.shapes.time import TimeRow
from telemetry.store.reviews import Notes
from telemetry.words import week_against, weeks
from telemetry.words.days import period
from telemetry.words.decisions import of_week
from telemetry.words.reviews import Line
from telemetry.words.values import Sentence
from web.pages.reviews.view import IMPEDIMENTS_LISTED, Box, boxes, leading
from web.pages.sprint.open_time import OpenView, open_days_view
from web.show import bars
from web.show.chart import Figure, Span, midnight
from web.show.impediment_chart import impediment_time
from web.show.share_lines import ShareLine, share_lines

if TYPE_CHECKING:
    from web.http.site import Site

LYING_LISTED = 12
DONE_LISTED = 60
WORKING_DAYS = 5


@dataclass(frozen=True, slots=True)
class Aged:
    """An item in progress: its age as a part of the oldest's, and whether it is too old."""

    issue: FlowIssue
    bar: float
    is_late: bool


@dataclass(frozen=True, slots=True)
class Ledger:
    """A sprint that ran in the week, and what moved in it: signed parts that add up."""

    sprint: WeekSprint
    lead: Sentence
    lines: tuple[tuple[str, float, bool], ...]

    @property
    def has_moved(self) -> bool:
        return any(amount for _, amount, is_signed in self.lines if is_signed)


@dataclass(frozen=True, slots=True)
class WeekView:
    """Sentences lead to lists of the same page, or to the tracker."""

    done: Sentence
    instead: Sentence
    lies: Sentence
    outlook: Sentence
    against: tuple[Line, ...]
    edits: Sentence
    boxes: tuple[Box, ...]
    ledgers: tuple[Ledger, ...]
    impediment_chart: Figure | None
    open: OpenView | None
    natures: bars.NatureTable | None
    nature_names: list[str]
    slots: dict[str, str]
    shares: list[ShareLine]
    aged: tuple[Aged, ...]
    late_tick: float | None


def week_values(site: "Site", review: WeekReview, notes: Notes, zone: ZoneInfo) -> dict[str, Any]:
    """What the template of a week's review shows."""
    week = review.week
    return {
        "review": review,
        "kept": review.kept,
        "title": weeks.title(review),
        "dates": period(week.first_on, week.last_on),
        "status": weeks.status(review, zone),
        "view": week_view(site, review, notes),
        "before": week.back(),
        "after": week.next() if review.is_over else None,
        "listed": IMPEDIMENTS_LISTED,
        "done_listed": DONE_LISTED,
    }


def week_view(site: "Site", review: WeekReview, notes: Notes) -> WeekView:
    """The view of a week."""
    kept, zone = review.kept, review.zone
    names = [row.nature for row in kept.natures]
    names += [name for row in kept.daily for name in row.natures]
    slots = site.slots(list(dict.fromkeys(names)))
    usual = kept.usual
    named = {
        "done": kept.done,
        "progress": kept.in_progress,
        "impediments": kept.impediments or kept.open_impediments,
    }
    lead = leading({name for name, some in named.items() if some})
    daily = usual.impediment_seconds / WORKING_DAYS if usual.impediment_seconds else None
    span = _span(review, zone)
    return WeekView(
        done=lead(weeks.done(review)),
        instead=lead(weeks.instead(review)),
        lies=lead(weeks.lies(review)),
        outlook=weeks.outlook(review),
        against=week_against.against(review),
        edits=week_against.since(review.edits),
        boxes=boxes(of_week(kept), notes, lead),
        ledgers=tuple(_ledger(one) for one in kept.sprints),
        impediment_chart=impediment_time(kept.daily, span, slots, daily),
        open=None
        if kept.open_time is None
        else open_days_view(site, kept.open_time, zone, review.today, span.days_off),
        natures=bars.natures(kept.natures, slots, _weekly(review)),
        nature_names=[n for n in slots if any(row.natures.get(n) for row in kept.daily)],
        slots=slots,
        shares=share_lines([_share(review)]) if kept.has_time else [],
        aged=_aged(review),
        late_tick=_tick(review),
    )


def _span(review: WeekReview, zone: ZoneInfo) -> Span:
    week = review.week
    off = tuple(review.calendar.days_not_worked(week.first_on, week.last_on))
    start, end = (midnight(day, zone) for day in (week.first_on, week.last_on))
    return Span(zone, start, end, None, None, off, review.today)


def _weekly(review: WeekReview) -> dict[str, float] | None:
    usual = review.kept.usual
    if not usual.weeks:
        return None
    return {name: seconds / usual.weeks for name, seconds in usual.natures.items()}


def _share(review: WeekReview) -> TimeRow:
    time = review.kept.figures.time
    return TimeRow(review.week.first_on, time, {}, f"week {review.week.number}")


def _ledger(one: WeekSprint) -> Ledger:
    lines = (
        ("Left before", one.before_points, False),
        ("Added", one.added_points, True),
        ("Removed", -one.removed_points, True),
        ("Re-estimated", one.reestimated_points, True),
        ("Burned", -one.burned_points, True),
        ("Reopened", one.reopened_points, True),
        ("Left at the end", one.left_points, False),
    )
    return Ledger(one, weeks.sprint(one), lines)


def _aged(review: WeekReview) -> tuple[Aged, ...]:
    late = {one.id for one in review.kept.ageing.issues}
    oldest = _oldest(review)
    return tuple(
        Aged(one, round(100 * (one.days or 0) / oldest, 1), one.id in late)
        for one in review.kept.in_progress[:LYING_LISTED]
    )


def _tick(review: WeekReview) -> float | None:
    limit = review.kept.ageing.limit_days
    return None if limit is None else round(100 * limit / _oldest(review), 1)


def _oldest(review: WeekReview) -> float:
    ages: Sequence[float] = [one.days or 0 for one in review.kept.in_progress]
    return max([*ages, review.kept.ageing.limit_days or 0, 1])


def rendered_week(site: "Site", now: datetime, key: str, week: Week, **typed: Any) -> bytes:
    """The review of a week as HTML. Raises NotFound."""
    review = site.reports.week_review(key, week, now)
    frame = site.frame(key, now)
    notes = typed["notes"]
    values = week_values(site, review, notes, frame.zone)
    return site.render("review_week.html", **{**frame.values, **values, **typed})
