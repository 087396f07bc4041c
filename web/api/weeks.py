"""The API's answers about reviews of weeks."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from telemetry.report.reviews.week_shapes import WeekReview as Found
from telemetry.report.reviews.week_shapes import WeekRow
from telemetry.store.reviews import Notes
from telemetry.words import week_against, weeks
from telemetry.words.decisions import of_week
from telemetry.words.plain import plain
from web.api.models import Answer, Impeded, ImpedimentsUnknown, Instant, Model, Points, Seconds
from web.api.review_models import (
    Comparison,
    Decision,
    ReviewImpediment,
    State,
    compared,
    review_url,
    told,
)
from web.api.review_notes import Typed, typed_values
from web.http.site import Site

Days = Annotated[float | None, Field(description="Elapsed days; null where unknown")]


class WeekTime(Model):
    planned_seconds: Seconds
    impediment_seconds: Impeded
    off_plan_seconds: Seconds


class WeekFigures(Model):
    done_count: Annotated[int, Field(description="Items done at its end that became so in it")]
    done_points: Points
    cycle_days: Annotated[Days, Field(description="What half of them took at most")]
    came_count: Annotated[int, Field(description="Items created")]
    begun_count: int
    reopened_count: int
    in_progress_count: Annotated[int, Field(description="At its end")]
    time: WeekTime
    impediment_count: Annotated[int | None, Field(description="Opened or worked on")]
    opened_count: int | None
    closed_count: int | None
    open_count: Annotated[int | None, Field(description="At its end")]


class WeekIssue(Model):
    key: str
    summary: str | None
    url: str
    points: Points
    days: Days


class WeekSprint(Model):
    id: int
    name: str
    before_points: float
    added_points: float
    removed_points: float
    reestimated_points: float
    burned_points: float
    reopened_points: float
    left_points: float


class WeekDay(Model):
    day: date
    planned_seconds: Seconds
    impediment_seconds: Impeded
    off_plan_seconds: Seconds
    natures: dict[str, int]


class WeekReview(Answer):
    id: Annotated[str, Field(description="As `2026-W48`")]
    name: str
    state: State
    starts_on: date
    ends_on: date
    known_at: Annotated[Instant | None, Field(description="Jira's clock when it was kept")]
    sentences: dict[str, str]
    since_the_close: Annotated[
        str | None, Field(description="What was edited later; null where nothing was")
    ]
    figures: WeekFigures
    usual_done_count: Annotated[
        float | None, Field(description="The median of the twelve weeks before")
    ]
    usual_impediment_seconds: float | None
    days: list[WeekDay]
    against: list[Comparison]
    decisions: list[Decision]
    sprints: Annotated[list[WeekSprint], Field(description="What moved in those that ran")]
    done: list[WeekIssue]
    in_progress: Annotated[
        list[WeekIssue], Field(description="At its end: at most 100, oldest first")
    ]
    impediments: list[ReviewImpediment]
    impediments_unknown: ImpedimentsUnknown
    typed: Typed
    url: str


def week_row(site: Site, team: str, row: WeekRow) -> dict[str, Any]:
    """A week of the list of reviews."""
    return {
        "kind": "week",
        "id": str(row.week),
        "name": f"Week {row.week.number} of {row.week.year}",
        "state": _state(row.frozen_at is not None, row.is_over),
        "started_at": None,
        "completed_at": None,
        "frozen_at": row.frozen_at,
        "committed_points": None,
        "completed_points": None,
        "goal_reached": row.outcome,
        "url": review_url(site, team, row.week),
    }


def _state(is_frozen: bool, is_over: bool) -> str:
    if is_frozen:
        return "frozen"
    return "not_kept" if is_over else "draft"


def week_review(site: Site, team: str, found: Found, known: Notes) -> WeekReview:
    """The review of a week."""
    kept, week = found.kept, found.week
    edits = week_against.since(found.edits)
    said = {
        "status": weeks.status(found, found.zone),
        "done": weeks.done(found),
        "instead": weeks.instead(found),
        "lies": weeks.lies(found),
        "outlook": weeks.outlook(found),
    }
    return WeekReview.model_validate(
        {
            "as_of": site.reports.as_of(team),
            "id": str(week),
            "name": weeks.title(found),
            "state": _state(found.frozen is not None, found.is_over),
            "starts_on": week.first_on,
            "ends_on": week.last_on,
            "known_at": found.frozen.taken_at if found.frozen else None,
            "sentences": {name: plain(one) for name, one in said.items()},
            "since_the_close": plain(edits) if edits else None,
            "figures": kept.figures,
            "usual_done_count": kept.usual.done_count,
            "usual_impediment_seconds": kept.usual.impediment_seconds,
            "days": [
                {
                    "day": row.start_on,
                    "planned_seconds": row.time.planned_seconds,
                    "impediment_seconds": row.time.impediment_seconds,
                    "off_plan_seconds": row.time.off_plan_seconds,
                    "natures": dict(row.natures),
                }
                for row in kept.daily
            ],
            "against": compared(week_against.against(found)),
            "decisions": told(of_week(kept), known),
            "sprints": kept.sprints,
            "done": kept.done,
            "in_progress": kept.in_progress,
            "impediments": kept.open_time.impediments if kept.open_time else kept.impediments,
            "impediments_unknown": kept.impediments_unknown,
            "typed": typed_values(known),
            "url": review_url(site, team, week),
        }
    )
