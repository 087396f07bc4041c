"""The routes of the API about reviews of sprints and weeks."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from pydantic import Field, RootModel
from starlette.responses import Response

from telemetry.domain.week import Week
from telemetry.errors import NotFound
from telemetry.export.tables import Table
from telemetry.report.reviews.shapes import Review as Found
from telemetry.report.reviews.shapes import ReviewRow as FoundRow
from telemetry.report.reviews.week_shapes import WeekRow as FoundWeek
from telemetry.store.reviews import Notes as Known
from telemetry.words import gap, reviews, sprint
from telemetry.words.decisions import decisions
from telemetry.words.plain import plain
from telemetry.words.values import Sentence
from web.api.files import AS_FILES, FileFormat, answer, listed
from web.api.models import PROBLEMS, Answer, Instant, Model, Paged, Points
from web.api.parameters import Cursor, Limit, page
from web.api.review_models import (
    Comparison,
    Decision,
    ReviewImpediment,
    State,
    compared,
    review_url,
    told,
)
from web.api.review_notes import Outcome, Typed, add_notes, typed_values
from web.api.sprint_models import Sprint, SprintIssue, sprint_fields
from web.api.weeks import WeekReview, week_review, week_row
from web.http.answers import Moment
from web.http.notes import ReviewNotes
from web.http.parameters import TeamKey
from web.http.reviews import ReviewId, asked_review
from web.http.site import Site


class ReviewRow(Model):
    kind: Literal["sprint", "week"]
    id: Annotated[int | str, Field(description="The sprint's id, or the week, as `2026-W48`")]
    name: str
    state: State
    started_at: Instant | None
    completed_at: Instant | None
    frozen_at: Annotated[Instant | None, Field(description="Jira's clock when it was kept")]
    committed_points: Points
    completed_points: Points
    goal_reached: Annotated[Outcome, Field(description="As the team said; empty: not yet")]
    url: str


class Reviews(Paged):
    items: list[ReviewRow]


class Review(Answer):
    id: int
    name: str
    state: State
    goal: str
    is_gone: Annotated[bool, Field(description="Jira, or the team, no longer has the sprint")]
    closed_at: Annotated[Instant | None, Field(description="The close at which it froze")]
    known_at: Annotated[Instant | None, Field(description="Jira's clock when it was kept")]
    sentences: Annotated[
        dict[str, str], Field(description="What the blocks of the page say: expected, instead …")
    ]
    since_the_close: Annotated[
        str | None, Field(description="What was edited later; null where nothing was")
    ]
    sprint: Annotated[Sprint, Field(description="The figures, as they froze")]
    against: list[Comparison]
    decisions: list[Decision]
    issues: list[SprintIssue]
    impediments: list[ReviewImpediment]
    typed: Typed
    url: str


class EitherReview(RootModel[Review | WeekReview]):
    """Of a sprint where a number was asked for, else of a week."""


def reviews_routes(site: Site, notes: ReviewNotes | None) -> APIRouter:
    """`/teams/{team}/reviews` and what is below it."""
    router = APIRouter(prefix="/api/v1/teams/{team}/reviews", responses=PROBLEMS)
    _add_list(router, site)
    _add_review(router, site)
    add_notes(router, site, notes)
    return router


def _add_list(router: APIRouter, site: Site) -> None:
    reports = site.reports

    @router.get(
        "",
        response_model=Reviews,
        summary="The reviews of a team, newest first",
        responses=AS_FILES,
    )
    def list_reviews(
        request: Request,
        team: TeamKey,
        of: Annotated[
            Literal["sprints", "weeks", ""],
            Query(description="By default sprints; weeks of a team that has none"),
        ] = "",
        limit: Limit = 100,
        cursor: Cursor = None,
        format: FileFormat = "json",  # noqa: A002 - the name in the address
    ) -> Response:
        def tables(moment: Moment) -> Sequence[Table]:
            every = [ReviewRow.model_validate(one) for one in items(moment)]
            return [listed("reviews", ReviewRow, every)]

        def items(moment: Moment) -> list[Any]:
            has_sprints = reports.team(team, moment.now).has_sprints
            rows: Sequence[FoundRow | FoundWeek] = (
                reports.week_reviews(team)
                if (of or ("sprints" if has_sprints else "weeks")) == "weeks"
                else reports.reviews(team)
            )
            return [
                week_row(site, team, one) if isinstance(one, FoundWeek) else _row(site, team, one)
                for one in rows
            ]

        def render(moment: Moment) -> Reviews:
            some, following = page(items(moment), limit, cursor)
            given = {"as_of": reports.as_of(team), "items": some, "next_cursor": following}
            return Reviews.model_validate(given)

        if format != "json":
            return answer(site, request, team, "reviews", format, tables)
        return site.answers.json(request, render, team=team)


def _add_review(router: APIRouter, site: Site) -> None:
    reports = site.reports

    @router.get("/{review}", response_model=EitherReview, summary="The review of a sprint or week")
    def review(request: Request, team: TeamKey, review: ReviewId) -> Response:
        def render(moment: Moment) -> EitherReview:
            asked, known = asked_review(review), reports.notes(team, review)
            if isinstance(asked, Week):
                week = reports.week_review(team, asked, moment.now)
                return EitherReview(week_review(site, team, week, known))
            found = reports.review(team, asked, moment.now)
            return EitherReview(_review(site, team, found, known))

        return site.answers.json(request, render, team=team, ages=True)


def _row(site: Site, team: str, row: FoundRow) -> dict[str, Any]:
    one = row.sprint
    return {
        "kind": "sprint",
        "id": one.id,
        "name": one.name,
        "state": "draft" if row.frozen_at is None else "frozen",
        "started_at": one.started_at,
        "completed_at": one.completed_at,
        "frozen_at": row.frozen_at,
        "committed_points": one.figures.committed_points if one.figures else None,
        "completed_points": one.figures.completed_points if one.figures else None,
        "goal_reached": row.outcome,
        "url": review_url(site, team, one.id),
    }


def _review(site: Site, team: str, found: Found, known: Known) -> Review:
    of, frozen = found.page.sprint, found.frozen
    if of is None:
        raise NotFound(f"team '{team}' has no such sprint")
    zone, today = ZoneInfo(found.page.team.timezone), found.page.today
    said = {
        "status": reviews.status(found, zone, today),
        "expected": sprint.expected(of, today, zone),
        "instead": sprint.instead(found.page),
        "why": gap.why(found.page),
        "outlook": reviews.outlook(found),
    }
    return Review.model_validate(
        {
            "as_of": site.reports.as_of(team),
            "id": of.id,
            "name": of.name,
            "state": "draft" if frozen is None else "frozen",
            "goal": of.goal,
            "is_gone": found.is_gone,
            "closed_at": frozen.closed_at if frozen else None,
            "known_at": frozen.taken_at if frozen else None,
            "sentences": {name: plain(one) for name, one in said.items()},
            "since_the_close": _since(found),
            "sprint": sprint_fields(of),
            "against": compared(reviews.against(found)),
            "decisions": told(
                decisions(found.page, found.recurring, found.ahead, found.ageing, found.quarter),
                known,
            ),
            "issues": found.page.issues,
            "impediments": found.impediments,
            "typed": typed_values(known),
            "url": review_url(site, team, of.id),
        }
    )


def _since(found: Found) -> str | None:
    told = reviews.since(found)
    if told is None:
        return None
    named: Iterable[str] = (
        f"{one.key or 'an issue that is no longer visible'} ({words})" for one, words in told.issues
    )
    closing: Sentence = told.closing
    return plain(told.opening) + ", ".join(named) + plain(closing)
