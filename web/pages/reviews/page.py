"""The pages of reviews: the list of them, the review of a sprint, and what was typed on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from telemetry.domain.week import Week
from telemetry.report.reviews.shapes import ReviewRow
from telemetry.report.reviews.week_shapes import WeekRow
from telemetry.store.reviews import Notes, Written
from telemetry.words.days import period
from telemetry.words.reviews import OUTCOMES, status
from telemetry.words.weeks import title as week_title
from web.http.answers import Moment
from web.http.parameters import TeamKey
from web.http.reviews import ReviewId, asked_review
from web.http.site import Frame, Site
from web.pages.reviews.view import IMPEDIMENTS_LISTED, review_view
from web.pages.reviews.week import rendered_week

PAGE_SIZE = 50
SHOWN = 500  # letters of a text in the history; the whole is one link away


def reviews_pages(site: Site) -> APIRouter:
    """`/teams/{team}/reviews` and what is below it."""
    router = APIRouter(include_in_schema=False)

    @router.get("/teams/{key}/reviews")
    def reviews(
        request: Request,
        key: TeamKey,
        page: Annotated[int, Query(ge=1, le=10**6)] = 1,
        of: Annotated[Literal["sprints", "weeks", ""], Query()] = "",
    ) -> Response:
        def render(moment: Moment) -> bytes:
            return _list(site, moment, key, page, of)

        return site.answers.page(request, render, team=key, asked=(page, of))

    @router.get("/teams/{key}/reviews/{review}")
    def review(request: Request, key: TeamKey, review: ReviewId) -> Response:
        def render(moment: Moment) -> bytes:
            asked = asked_review(review)
            if isinstance(asked, Week):
                notes = site.reports.notes(key, review)
                typed = typed_values(key, review, notes)
                return rendered_week(site, moment.now, key, asked, **typed)
            return rendered(site, moment.now, key, asked)

        return site.answers.page(request, render, team=key)

    @router.get("/teams/{key}/reviews/{review}/history")
    def history(request: Request, key: TeamKey, review: ReviewId) -> Response:
        def render(moment: Moment) -> bytes:
            return _history(site, moment, key, asked_review(review))

        return site.answers.page(request, render, team=key)

    return router


def rendered(site: Site, now: datetime, key: str, sprint_id: int) -> bytes:
    """The review of a sprint as HTML. Raises NotFound."""
    review = site.reports.review(key, sprint_id, now)
    frame = site.frame(key, now)
    notes = site.reports.notes(key, str(sprint_id))
    sprint = review.page.sprint
    has_figures = sprint is not None and sprint.figures is not None
    return site.render(
        "review.html",
        **frame.values,
        review=review,
        view=review_view(site, review, notes, frame.zone) if has_figures else None,
        status=status(review, frame.zone, frame.today),
        listed=IMPEDIMENTS_LISTED,
        **typed_values(key, str(sprint_id), notes),
    )


def typed_values(key: str, review: str, notes: Notes) -> dict[str, object]:
    """What the template of a review shows of what is typed on it."""
    address = f"/teams/{quote(key, safe='')}/reviews/{review}"
    ticks = [name.removeprefix("tick:") for name in notes.fields if name.startswith("tick:")]
    return {
        "notes": notes,
        "outcomes": OUTCOMES,
        "address": address,
        "api": f"/api/v1{address}",
        "changed_at": max((one.made_at for one in notes.fields.values()), default=None),
        "typed": {
            "version": notes.version,
            "notes": notes.text,
            "goal_reached": notes.outcome,
            "ticks": {name: notes.is_ticked(name) for name in sorted(ticks)},
        },
    }


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the list: a review of a sprint or week, and its days as text."""

    review: ReviewRow | WeekRow
    dates: str


def _list(site: Site, moment: Moment, key: str, page: int, of: str) -> bytes:
    """The sprints, or the weeks: by default those of which the team looks back on more."""
    frame = site.frame(key, moment.now)
    of = of or ("sprints" if frame.team.has_sprints else "weeks")
    every: Sequence[_Line]
    if of == "weeks":
        every = [
            _Line(one, period(one.week.first_on, one.week.last_on))
            for one in site.reports.week_reviews(key)
        ]
    else:
        every = [_Line(one, _dates(frame, one)) for one in site.reports.reviews(key)]
    pages = max(1, -(-len(every) // PAGE_SIZE))
    number = min(page, pages)
    return site.render(
        "reviews.html",
        **frame.values,
        lines=every[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
        outcomes=OUTCOMES,
        of=of,
        number=number,
        pages=pages,
    )


def _dates(frame: Frame, row: ReviewRow) -> str:
    one = row.sprint
    start, end = one.started_at, one.completed_at or one.planned_end_at
    if start is None or end is None:
        return ""
    return period(start.astimezone(frame.zone).date(), end.astimezone(frame.zone).date())


@dataclass(frozen=True, slots=True)
class _Typed:
    """A line of the history; `is_cut` where the text is longer than what is shown."""

    made_at: datetime
    label: str
    text: str
    is_cut: bool
    version: int
    made_by: str | None


def _history(site: Site, moment: Moment, key: str, asked: int | Week) -> bytes:
    frame = site.frame(key, moment.now)
    if isinstance(asked, Week):
        name = week_title(site.reports.week_review(key, asked, moment.now)).lower()
    else:
        sprint = site.reports.review(key, asked, moment.now).page.sprint
        name = sprint.name if sprint else "a sprint"
    address = f"/teams/{quote(key, safe='')}/reviews/{asked}"
    return site.render(
        "review_history.html",
        **frame.values,
        title=f"the review of {name}",
        history=list(_typed(site.reports.notes_history(key, str(asked)))),
        address=address,
        api=f"/api/v1{address}",
    )


def _typed(history: tuple[Written, ...]) -> Iterator[_Typed]:
    for one in history:
        label = {"notes": "notes", "outcome": "goal"}.get(one.field, "decision")
        text = one.value
        if one.field == "outcome":
            text = OUTCOMES.get(text, "not said")
        elif label == "decision":
            text = "ticked" if text == "yes" else "not ticked"
        is_cut = len(text) > SHOWN
        shown = f"{text[:SHOWN]}…" if is_cut else text or "nothing"
        yield _Typed(one.made_at, label, shown, is_cut, one.version, one.made_by)
