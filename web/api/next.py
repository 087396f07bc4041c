"""The route of the API that tells what is in the sprint to come, and what it can hold."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from telemetry.export.tables import Table
from telemetry.report.shapes.next_sprint import NextSprint
from web.api import models
from web.api.files import AS_FILES, FileFormat, Which, answer, listed
from web.api.models import PROBLEMS
from web.http.answers import Moment
from web.http.parameters import TeamKey
from web.http.site import Site

Estimate = Annotated[float | None, Field(description="An estimate; null where unknown")]


class NextDays(models.Model):
    first_on: date
    last_on: date
    is_first_assumed: Annotated[bool, Field(description="Whether Jira has no date for it")]
    is_last_assumed: Annotated[bool, Field(description="Whether Jira has no date for it")]


class DayOff(models.Model):
    day: date
    name: Annotated[str | None, Field(description="The holiday; null for a day off of the team")]


class Capacity(models.Model):
    points: Annotated[float, Field(description="Velocity times working days: an estimate")]
    low_points: Estimate
    median_points: Estimate
    high_points: Estimate
    sprint_count: Annotated[int, Field(description="Closed sprints behind it")]


class Coming(models.Model):
    sprint: models.SprintName
    remaining_points: float
    planned_end_on: date | None
    working_days_left: int | None
    points: Annotated[
        float | None,
        Field(description="What it will likely leave of its scope at its planned end; an estimate"),
    ]


class TypeSum(models.Model):
    type: str
    count: int
    points: float
    unestimated_count: int


class NextIssue(models.Model):
    key: str
    summary: str | None
    url: str
    type: str
    status: str
    state: Literal["todo", "in_progress", "done"]
    points: models.Points
    is_carried_over: bool


class Planned(models.Model):
    id: int
    name: str
    goal: str
    started_at: Annotated[models.Instant | None, Field(description="Its planned start")]
    planned_end_at: models.Instant | None


class Next(models.Answer):
    """The sprint to come; without one its days are those that a usual one would have."""

    unit: Annotated[Literal["point", "issue", "hour"], Field(description="What a point is")]
    sprint: Annotated[Planned | None, Field(description="null where none is planned")]
    days: Annotated[NextDays | None, Field(description="null where no date is known or assumed")]
    days_off: list[DayOff]
    working_days: int | None
    days_away: Annotated[float, Field(description="How many of them absences take")]
    velocity_points_per_day: float | None
    capacity: Annotated[Capacity | None, Field(description="null before a sprint has closed")]
    points: Annotated[
        float | None, Field(description="Points of its open issues; null where none is planned")
    ]
    carried_over_points: float | None
    carried_over_count: int | None
    unestimated_count: int | None
    coming: Annotated[
        Coming | None, Field(description="What may come over from the running sprint")
    ]
    types: list[TypeSum]
    issues: list[NextIssue]
    others: Annotated[list[models.SprintName], Field(description="Planned beside it, in turn")]


_OF_ITS_ISSUES = ("points", "carried_over_points", "carried_over_count", "unestimated_count")


def next_routes(site: Site) -> APIRouter:
    """The sprint to come."""
    router = APIRouter(prefix="/api/v1", responses=PROBLEMS)

    @router.get(
        "/teams/{team}/next",
        response_model=Next,
        summary="The next sprint: what is in it, against what its working days hold",
        responses=AS_FILES,
    )
    def next_sprint(
        request: Request,
        team: TeamKey,
        format: FileFormat = "json",  # noqa: A002 - the name in the address
        table: Which = "",
    ) -> Response:
        def tables(moment: Moment) -> Sequence[Table]:
            found = render(moment)
            return [
                listed("issues", NextIssue, found.issues),
                listed("types", TypeSum, found.types),
                listed("days off", DayOff, found.days_off),
            ]

        def render(moment: Moment) -> Next:
            found = site.reports.next_sprint(team, moment.now)
            as_of = site.reports.as_of(team)
            return Next.model_validate({**_fields(found), "as_of": as_of})

        if format != "json":
            return answer(site, request, team, "next", format, tables, table, ages=True)
        return site.answers.json(request, render, team=team, ages=True)

    return router


def _fields(found: NextSprint) -> dict[str, object]:
    unknown = _OF_ITS_ISSUES if found.sprint is None else ()
    return {
        name: None if name in unknown else getattr(found, name, None) for name in Next.model_fields
    }
