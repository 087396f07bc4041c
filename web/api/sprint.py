"""The routes of the API of one sprint: its figures, its burndown, its issues."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

from fastapi import APIRouter, Request
from pydantic import Field, create_model
from starlette.responses import Response

from telemetry.export import sprint as sprint_tables
from telemetry.export.tables import Table
from telemetry.metrics.estimates import SprintEstimates
from telemetry.metrics.figures import SprintFigures
from telemetry.metrics.forecast import Promise, Worth
from telemetry.metrics.registered.forecasts import FORECASTS
from telemetry.metrics.registered.gap import GAP
from telemetry.metrics.registered.sprint import SPRINT
from telemetry.metrics.registry import by_key
from telemetry.report.shapes.sprints import SprintSummary
from web.api import files
from web.api.files import AS_FILES, FileFormat, Which
from web.api.models import (
    PROBLEMS,
    Answer,
    Impeded,
    ImpedimentsUnknown,
    Instant,
    Model,
    Paged,
    Percent,
    Points,
    Seconds,
)
from web.api.parameters import Cursor, Limit, SprintId, page, sprint_key
from web.http.answers import Moment
from web.http.parameters import TeamKey
from web.http.site import Site


def _meaning(key: str) -> Any:
    return Field(description=by_key()[key].meaning)


class TimeSplit(Model):
    planned_seconds: Annotated[int, _meaning("planned_seconds")]
    impediment_seconds: Annotated[int | None, _meaning("impediment_seconds")]
    off_plan_seconds: Annotated[int, _meaning("off_plan_seconds")]
    impediment_share_percent: Annotated[float | None, _meaning("impediment_share_percent")]


class Nature(Model):
    nature: str
    count: int
    seconds: Seconds


class Impediments(Model):
    count: Annotated[int | None, _meaning("count")]
    opened_count: Annotated[int | None, _meaning("opened_count")]
    closed_count: Annotated[int | None, _meaning("closed_count")]
    open_count: Annotated[int | None, _meaning("open_count")]
    seconds: Impeded
    median_hours_to_close: Annotated[float | None, _meaning("median_hours_to_close")]
    by_nature: list[Nature]


class GapPart(Model):
    cause: Annotated[
        str,
        Field(
            description="removed, unfinished, reestimated, completed_beyond; in a running sprint "
            "not_due and behind; estimated: impediments, off_plan, rest"
        ),
    ]
    points: float
    is_exact: bool


class Calibration(Model):
    promised_percent: int
    came_true_percent: Percent
    count: Annotated[int, Field(description="Promises of past forecasts that can be judged")]
    pinball_loss: Annotated[
        float | None,
        Field(description="Mean loss, of dates in working days, of amounts in points"),
    ]
    uncorrected_came_true_percent: Annotated[
        float | None, Field(description="The same of the simulation alone")
    ]
    uncorrected_pinball_loss: float | None


class ChanceCalibration(Model):
    count: Annotated[int, Field(description="Chances of past forecasts that can be judged")]
    brier_score: Annotated[float | None, Field(description="0 is perfect, 0.25 a coin")]
    uncorrected_brier_score: float | None
    lender_count: Annotated[
        int, Field(description="Other teams whose record this is; 0: the team's own")
    ]


class SprintDates(Model):
    id: int
    name: str
    state: Literal["future", "active", "closed"]
    goal: str
    started_at: Instant | None
    planned_end_at: Instant | None
    completed_at: Instant | None


def _figures() -> dict[str, Any]:
    """The keys that are fields of a sprint's figures, or of its estimates, as the registry has."""
    kinds = get_type_hints(SprintFigures) | get_type_hints(SprintEstimates)
    return {
        key: (kinds[key] | None, Field(description=figure.meaning))
        for figure in (*SPRINT, *FORECASTS, *GAP)
        for key in figure.keys
        if key in kinds and key != "gap"  # which has parts of both
    }


if TYPE_CHECKING:
    _WithFigures = SprintDates
else:
    _WithFigures = create_model("SprintFigures", __base__=SprintDates, **_figures())


class Sprint(_WithFigures):
    projected_finish_on: Annotated[
        date | None, Field(description="The day by which the rest is done with 50 percent")
    ]
    projected_finish_dates: Annotated[
        dict[str, date | None] | None,
        Field(description='Dates by chance: "50", "85", "95"; null where nothing is forecast'),
    ]
    projected_finish_calibration: Annotated[
        dict[str, Calibration] | None,
        Field(
            description='What such dates were worth in the past year, by chance: "50", "85", '
            '"95"; null where nothing is forecast'
        ),
    ]
    finish_in_time_percent: Annotated[float | None, _meaning("finish_in_time_percent")]
    finish_in_time_calibration: Annotated[
        ChanceCalibration | None, Field(description="What such chances were worth")
    ]
    done_by_planned_end: Annotated[
        dict[str, float] | None,
        Field(description='Points by chance: "50", "85"; null where nothing is forecast'),
    ]
    done_by_planned_end_calibration: Annotated[
        dict[str, Calibration] | None,
        Field(description='How often such amounts were reached, by chance: "50", "85"'),
    ]
    time: TimeSplit | None
    impediments: Impediments | None
    gap: list[GapPart]
    impediments_unknown: ImpedimentsUnknown


class OneSprint(Answer, Sprint):
    """A sprint as an answer of its own."""


class BurndownDay(Model):
    day: date
    remaining_points: float
    ideal_points: Points
    scope_points: float
    done_points: float
    added_points: float
    removed_points: float
    reestimated_points: float
    burned_points: float
    reopened_points: float
    remaining_without_impediments_points: Annotated[
        float | None,
        Field(description="Estimate: what would be left without the time lost so far"),
    ]


class BurndownEvent(Model):
    at: Instant
    issue_key: str
    kind: Literal["added", "removed", "reestimated", "burned", "reopened"]
    points: Annotated[float, Field(description="Signed change of what remains")]


class Burndown(Answer):
    days: list[BurndownDay]
    events: list[BurndownEvent]


class SprintIssue(Model):
    key: str
    summary: str | None
    url: str
    type: str
    status: str
    points: Points
    outcome: Literal["completed_elsewhere", "removed", "completed", "not_completed"]
    is_added: bool
    is_impediment: bool
    seconds: Seconds


class SprintIssues(Paged):
    items: list[SprintIssue]


def sprint_routes(site: Site) -> APIRouter:
    """`/teams/{team}/sprints/{sprint}` and what belongs to the sprint."""
    router = APIRouter(prefix="/api/v1", responses=PROBLEMS)
    reports = site.reports

    @router.get(
        "/teams/{team}/sprints/{sprint}",
        response_model=OneSprint,
        responses=AS_FILES,
        summary="One sprint's figures",
    )
    def one_sprint(
        request: Request,
        team: TeamKey,
        sprint: SprintId,
        format: FileFormat = "json",  # noqa: A002 - the name in the address
        table: Which = "",
    ) -> Response:
        def tables(moment: Moment) -> tuple[Table, ...]:
            return sprint_tables.of_sprint(reports, team, sprint_key(sprint))

        if format != "json":
            name = f"sprint-{sprint}"
            return files.answer(site, request, team, name, format, tables, table)

        def render(moment: Moment) -> OneSprint:
            fields = sprint_fields(reports.sprint(team, sprint_key(sprint)))
            return OneSprint.model_validate({**fields, "as_of": reports.as_of(team)})

        return site.answers.json(request, render, team=team)

    _add_parts(router, site)
    return router


def _add_parts(router: APIRouter, site: Site) -> None:
    reports = site.reports

    @router.get(
        "/teams/{team}/sprints/{sprint}/burndown",
        response_model=Burndown,
        responses=AS_FILES,
        summary="What remains day by day, and each change of it",
    )
    def burndown(
        request: Request,
        team: TeamKey,
        sprint: SprintId,
        format: FileFormat = "json",  # noqa: A002 - the name in the address
        table: Which = "",
    ) -> Response:
        def tables(moment: Moment) -> tuple[Table, ...]:
            found = reports.sprint(team, sprint_key(sprint)).id
            return sprint_tables.burndown(reports.burndown(team, found))

        if format != "json":
            name = f"sprint-{sprint}-burndown"
            return files.answer(site, request, team, name, format, tables, table)

        def render(moment: Moment) -> Burndown:
            found = reports.burndown(team, reports.sprint(team, sprint_key(sprint)).id)
            days = [BurndownDay.model_validate(row) for row in found.days]
            events = [BurndownEvent.model_validate(event) for event in found.events]
            return Burndown(as_of=reports.as_of(team), days=days, events=events)

        return site.answers.json(request, render, team=team)

    @router.get(
        "/teams/{team}/sprints/{sprint}/issues",
        response_model=SprintIssues,
        responses=AS_FILES,
        summary="The issues of a sprint and what became of them",
    )
    def issues(
        request: Request,
        team: TeamKey,
        sprint: SprintId,
        limit: Limit = 100,
        cursor: Cursor = None,
        format: FileFormat = "json",  # noqa: A002 - the name in the address
    ) -> Response:
        def tables(moment: Moment) -> list[Table]:
            found = reports.sprint(team, sprint_key(sprint)).id
            return [sprint_tables.issues(reports.issues(team, found))]

        if format != "json":
            name = f"sprint-{sprint}-issues"
            return files.answer(site, request, team, name, format, tables)

        def render(moment: Moment) -> SprintIssues:
            found = reports.issues(team, reports.sprint(team, sprint_key(sprint)).id)
            rows, following = page(found, limit, cursor)
            items = [SprintIssue.model_validate(row) for row in rows]
            return SprintIssues(as_of=reports.as_of(team), items=items, next_cursor=following)

        return site.answers.json(request, render, team=team)


def sprint_fields(sprint: SprintSummary) -> dict[str, object]:
    """The sprint object's keys and values."""
    figures, values = sprint.figures, (sprint, sprint.figures, sprint.estimates)
    fields = {
        name: next((getattr(one, name) for one in values if hasattr(one, name)), None)
        for name in Sprint.model_fields
    }
    if figures is not None:
        dates = {
            "50": figures.projected_50_on,
            "85": figures.projected_85_on,
            "95": figures.projected_95_on,
        }
        fields["projected_finish_on"] = figures.projected_50_on
        fields["projected_finish_dates"] = dates if any(dates.values()) else None
        amounts = {"50": figures.done_by_end_50_points, "85": figures.done_by_end_85_points}
        fields["done_by_planned_end"] = None if None in amounts.values() else amounts
    worth = sprint.outlook.worth if sprint.outlook else None
    if worth is not None:
        corrected, alone = worth.corrected, worth.simulated
        fields["projected_finish_calibration"] = promises(corrected.dates, alone.dates)
        fields["done_by_planned_end_calibration"] = promises(corrected.amounts, alone.amounts)
        fields["finish_in_time_calibration"] = chances(worth)
    return fields


def promises(kept: Sequence[Promise], alone: Sequence[Promise]) -> dict[str, Calibration]:
    """How promises held, by their chance, beside those of the simulation alone."""
    return {
        str(one.promised_percent): Calibration(
            promised_percent=one.promised_percent,
            came_true_percent=one.came_true_percent,
            count=one.count,
            pinball_loss=one.loss,
            uncorrected_came_true_percent=other.came_true_percent,
            uncorrected_pinball_loss=other.loss,
        )
        for one, other in zip(kept, alone, strict=True)
    }


def chances(worth: Worth) -> ChanceCalibration:
    """How well chances were told."""
    return ChanceCalibration(
        count=worth.corrected.count,
        brier_score=worth.corrected.brier,
        uncorrected_brier_score=worth.simulated.brier,
        lender_count=worth.lenders,
    )
