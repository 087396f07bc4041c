"""All that the template of a review shows beside the page of its sprint."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from telemetry.report.reviews.shapes import Review
from telemetry.report.shapes.issues import SprintIssue
from telemetry.store.reviews import Notes
from telemetry.words import gap, reviews, sprint
from telemetry.words.decisions import decisions
from telemetry.words.questions import Decision
from telemetry.words.snapshots import Note
from telemetry.words.targets import External, SprintImpediments, SprintIssues
from telemetry.words.values import Figure, Sentence
from web.pages.sprint.gap import Step
from web.pages.sprint.view import SprintView, sprint_view
from web.show.chart import Figure as Chart
from web.show.numbers import number
from web.show.share_lines import ShareLine, share_lines

if TYPE_CHECKING:
    from web.http.site import Site

IMPEDIMENTS_LISTED = 12
_IN_LIST = {
    "completed": {"completed", "done", "kept", "beyond", "regauged"},
    "left": {"remaining", "unfinished", "todo", "in_progress", "unestimated", "carried_over"},
    "removed": {"taken_out", "removed"},
}


@dataclass(frozen=True, slots=True)
class IssueRow:
    """An issue of a list; `url` is "" where it is no longer visible."""

    key: str
    summary: str | None
    url: str
    points: float | None
    badges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IssueBlock:
    """A list of issues, its anchor, and how many points they have together."""

    anchor: str
    title: str
    rows: tuple[IssueRow, ...]
    points: float


@dataclass(frozen=True, slots=True)
class Box:
    """A decision to take, and whether it is ticked."""

    key: str
    question: Sentence
    evidence: Sentence
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class ReviewView:
    """Sentences lead to lists of the same page, or nowhere."""

    of_sprint: SprintView
    status: Sentence
    expected: Sentence
    instead: Sentence
    why: Sentence
    cost: Sentence
    outlook: Sentence
    against: tuple[reviews.Line, ...]
    edits: Note | None
    boxes: tuple[Box, ...]
    blocks: tuple[IssueBlock, ...]
    shares: list[ShareLine]
    waterfall: list[tuple[Step, Sentence]]


def review_view(site: "Site", review: Review, notes: Notes, zone: ZoneInfo) -> ReviewView:
    """The view of a review whose sprint has figures."""
    page = review.page
    if page.sprint is None:
        raise ValueError("a review is of a sprint")
    shown = sprint_view(site, page, zone, "", "")
    _without_lists(shown.burndown)
    _without_lists(shown.impediment_chart)
    blocks = _blocks(page.issues)
    lead = leading({block.anchor for block in blocks} | {"impediments"})
    whole = [replace(row, sprint_id=None) for row in page.shares]
    asked = decisions(page, review.recurring, review.ahead, review.ageing, review.quarter)
    return ReviewView(
        of_sprint=shown,
        status=reviews.status(review, zone, page.today),
        expected=lead(sprint.expected(page.sprint, page.today, zone)),
        instead=lead(sprint.instead(page)),
        why=lead(gap.why(page)),
        cost=lead(gap.cost(page.sprint)),
        outlook=lead(reviews.outlook(review)),
        against=reviews.against(review),
        edits=reviews.since(review),
        boxes=boxes(asked, notes, lead),
        blocks=blocks,
        shares=share_lines(whole),
        waterfall=[(step, lead(step.evidence)) for step in shown.waterfall],
    )


def boxes(
    found: Sequence[Decision], notes: Notes, lead: Callable[[Sentence], Sentence]
) -> tuple[Box, ...]:
    """The decisions with what is ticked."""
    return tuple(
        Box(one.key, lead(one.question), lead(one.evidence), notes.is_ticked(one.key))
        for one in found
    )


def leading(anchors: set[str]) -> Callable[[Sentence], Sentence]:
    """Makes figures lead to the lists that stand on the page, and to the tracker."""

    def of(part: Figure) -> Figure:
        match part.target:
            case External():
                return part if part.target.url else Figure(part.parts)
            case SprintIssues(_, which):
                found = next((name for name, some in _IN_LIST.items() if which in some), "")
            case SprintImpediments():
                found = "impediments"
            case _:
                found = ""
        return Figure(part.parts, External(f"#{found}") if found in anchors else None)

    def lead(said: Sentence) -> Sentence:
        return Sentence(tuple(of(one) if isinstance(one, Figure) else one for one in said.parts))

    return lead


def _without_lists(chart: Chart | None) -> None:
    """A click in the chart of a review leads nowhere: its lists are of another page."""
    if chart is not None:
        for name in ("list", "days"):
            chart["layout"]["meta"].pop(name, None)


def _blocks(issues: Sequence[SprintIssue]) -> tuple[IssueBlock, ...]:
    kinds = (
        ("completed", "Completed", "completed"),
        ("left", "Not completed", "not_completed"),
        ("removed", "Removed", "removed"),
    )
    found = []
    for anchor, title, outcome in kinds:
        some = [one for one in issues if one.outcome == outcome]
        if some:
            total = sum(one.points or 0 for one in some)
            found.append(IssueBlock(anchor, title, tuple(map(_row, some)), total))
    return tuple(found)


def _row(one: SprintIssue) -> IssueRow:
    badges = []
    if one.is_added:
        badges.append("added")
    if one.is_carried_over:
        badges.append("carried over")
    first, last = one.initial_points, one.points
    if first is not None and last is not None and first != last:
        badges.append(f"from {number(first)} to {number(last)}")
    return IssueRow(one.key, one.summary, one.url, one.points, tuple(badges))
