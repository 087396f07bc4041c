"""The routes of the API about reviews, and what teams type on them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Body, Path, Query, Request
from pydantic import Field, field_validator
from starlette.responses import JSONResponse, Response

from telemetry.errors import NotFound
from telemetry.report.reviews.shapes import Review as Found
from telemetry.report.reviews.shapes import ReviewRow as FoundRow
from telemetry.store.reviews import Notes as Known
from telemetry.store.reviews import Written
from telemetry.words import gap, reviews, sprint
from telemetry.words.decisions import decisions
from telemetry.words.plain import plain
from telemetry.words.values import Sentence
from web.api.models import (
    PROBLEMS,
    Answer,
    Instant,
    Model,
    Paged,
    Points,
    Problem,
    Seconds,
    unwritable,
)
from web.api.parameters import Cursor, Limit, page
from web.api.sprint import Sprint, SprintIssue, sprint_fields
from web.http.answers import Moment, problem
from web.http.notes import MOST_BYTES, TOO_LONG, ReviewNotes, signer
from web.http.parameters import TeamKey
from web.http.site import Site

Outcome = Literal["yes", "partly", "no", ""]
State = Literal["draft", "frozen"]
SprintReview = Annotated[
    int, Path(ge=0, lt=2**63, description="The sprint's id, whether Jira still has it or not")
]
LONGEST_KEY = 58
MOST_TICKS = 50


class ReviewRow(Model):
    id: int
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


class Decision(Model):
    key: Annotated[str, Field(description="By which it is ticked")]
    question: str
    evidence: str
    is_ticked: bool


class Comparison(Model):
    figure: str
    now: str
    before: str


class ReviewImpediment(Model):
    key: str
    summary: str | None
    nature: str
    opened_at: Instant
    closed_at: Instant | None
    seconds: Seconds


class Typed(Model):
    version: Annotated[int, Field(description="To be sent with what is typed next")]
    notes: str
    goal_reached: Outcome
    ticks: dict[str, bool]
    changed_at: Instant | None


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


class Overtaken(Model):
    field: str
    version: int
    made_at: Instant


class Saved(Typed):
    overtaken: Annotated[
        list[Overtaken],
        Field(description="What others wrote into the same fields since `version`; it is kept"),
    ]


class NewNotes(Model):
    version: Annotated[
        int, Field(ge=0, lt=2**31, description="That of the answer from which one began to type")
    ]
    notes: Annotated[str | None, Field(description="At most 100 KB; null: as it is")] = None
    goal_reached: Annotated[Outcome | None, Field(description="null: as it is")] = None
    ticks: Annotated[
        dict[Annotated[str, Field(min_length=1, max_length=LONGEST_KEY)], bool],
        Field(
            default_factory=dict,
            max_length=MOST_TICKS,
            description="Decisions by their key; others stay",
        ),
    ]

    @field_validator("notes")
    @classmethod
    def is_text(cls, value: str | None) -> str | None:
        """Text that every store can hold."""
        if value is not None and (found := unwritable(value)):
            raise ValueError(f"holds {found}, which no text has")
        return value

    @field_validator("ticks")
    @classmethod
    def are_keys(cls, value: dict[str, bool]) -> dict[str, bool]:
        """Keys that every store can hold."""
        for key in value:
            if found := unwritable(key):
                raise ValueError(f"holds a key with {found}")
        return value


def reviews_routes(site: Site, notes: ReviewNotes | None) -> APIRouter:
    """`/teams/{team}/reviews` and what is below it."""
    router = APIRouter(prefix="/api/v1/teams/{team}/reviews", responses=PROBLEMS)
    reports = site.reports

    @router.get("", response_model=Reviews, summary="The reviews of a team, newest first")
    def list_reviews(
        request: Request, team: TeamKey, limit: Limit = 100, cursor: Cursor = None
    ) -> Response:
        def render(_: Moment) -> Reviews:
            some, following = page(reports.reviews(team), limit, cursor)
            items = [_row(site, team, one) for one in some]
            return Reviews(as_of=reports.as_of(team), items=items, next_cursor=following)

        return site.answers.json(request, render, team=team)

    @router.get("/{review}", response_model=Review, summary="The review of a sprint")
    def review(request: Request, team: TeamKey, review: SprintReview) -> Response:
        def render(moment: Moment) -> Review:
            found = reports.review(team, review, moment.now)
            return _review(site, team, found, reports.notes(team, str(review)))

        return site.answers.json(request, render, team=team, ages=True)

    _add_notes(router, site, notes)
    return router


def _add_notes(router: APIRouter, site: Site, notes: ReviewNotes | None) -> None:
    refused: dict[int | str, dict[str, Any]] = {
        403: {"model": Problem, "description": "Another site may not write here"},
        413: {"model": Problem, "description": "The notes are longer than 100 KB"},
    }

    @router.get("/{review}/notes", response_model=Typed, summary="What is typed on a review")
    def typed(
        request: Request,
        team: TeamKey,
        review: SprintReview,
        version: Annotated[
            int | None, Query(ge=0, lt=2**31, description="As it was then; default: as it is")
        ] = None,
    ) -> Response:
        site.reports.review(team, review, site.clock())
        known = site.reports.notes(team, str(review), version)
        answer = Typed.model_validate(_typed(known))
        return site.answers.by_content(
            request, answer.model_dump_json().encode(), "application/json"
        )

    @router.put(
        "/{review}/notes",
        response_model=Saved,
        responses=refused,
        summary="Type notes, whether the goal was reached, or ticks; what was there is kept",
    )
    def put(
        request: Request, team: TeamKey, review: SprintReview, new: Annotated[NewNotes, Body()]
    ) -> Response:
        if notes is None:
            return problem(503, "No store here", "This application has no store to write to.")
        if new.notes is not None and len(new.notes.encode()) > MOST_BYTES:
            return problem(413, "Too long", TOO_LONG)
        site.reports.review(team, review, site.clock())  # raises NotFound
        by = signer(request, site.gate)
        merged = notes.put(team, str(review), _fields(new), new.version, by)
        overtaken = [_overtaken(one) for one in merged.overtaken]
        saved = Saved.model_validate(_typed(merged.notes) | {"overtaken": overtaken})
        return JSONResponse(saved.model_dump(mode="json"))


def _fields(new: NewNotes) -> dict[str, str]:
    fields = {f"tick:{key}": "yes" if value else "" for key, value in new.ticks.items()}
    if new.notes is not None:
        fields["notes"] = new.notes
    if new.goal_reached is not None:
        fields["outcome"] = new.goal_reached
    return fields


def _overtaken(one: Written) -> dict[str, object]:
    field = "goal_reached" if one.field == "outcome" else one.field
    return {"field": field, "version": one.version, "made_at": one.made_at}


def _typed(known: Known) -> dict[str, Any]:
    names = [name.removeprefix("tick:") for name in known.fields if name.startswith("tick:")]
    changed_at: datetime | None = max((one.made_at for one in known.fields.values()), default=None)
    return {
        "version": known.version,
        "notes": known.text,
        "goal_reached": known.outcome,
        "ticks": {name: known.is_ticked(name) for name in names},
        "changed_at": changed_at,
    }


def _row(site: Site, team: str, row: FoundRow) -> ReviewRow:
    one = row.sprint
    return ReviewRow(
        id=one.id,
        name=one.name,
        state="draft" if row.frozen_at is None else "frozen",
        started_at=one.started_at,
        completed_at=one.completed_at,
        frozen_at=row.frozen_at,
        committed_points=one.figures.committed_points if one.figures else None,
        completed_points=one.figures.completed_points if one.figures else None,
        goal_reached=row.outcome,
        url=_url(site, team, one.id),
    )


def _url(site: Site, team: str, sprint_id: int) -> str:
    return f"{site.reach.origin or ''}/teams/{team}/reviews/{sprint_id}"


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
            "against": [
                {"figure": one.label, "now": plain(one.now), "before": plain(one.before)}
                for one in reviews.against(found)
            ],
            "decisions": _decisions(found, known),
            "issues": found.page.issues,
            "impediments": found.impediments,
            "typed": _typed(known),
            "url": _url(site, team, of.id),
        }
    )


def _decisions(found: Found, known: Known) -> list[dict[str, object]]:
    return [
        {
            "key": one.key,
            "question": plain(one.question),
            "evidence": plain(one.evidence),
            "is_ticked": known.is_ticked(one.key),
        }
        for one in decisions(found.page, found.recurring, found.ahead)
    ]


def _since(found: Found) -> str | None:
    told = reviews.since(found)
    if told is None:
        return None
    named: Iterable[str] = (
        f"{one.key or 'an issue that is no longer visible'} ({words})" for one, words in told.issues
    )
    closing: Sentence = told.closing
    return plain(told.opening) + ", ".join(named) + plain(closing)
