"""The route of the API that tells of a quarter."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import Field
from starlette.responses import Response

from telemetry.export.roadmaps import of_quarter
from telemetry.export.tables import Table
from telemetry.metrics.forecast import Worth
from telemetry.metrics.roadmap_forecast import DriverKind, RoadmapOutlook
from telemetry.metrics.what_if import Change
from telemetry.report.quarter import shapes
from telemetry.report.quarter.shapes import EpicRow, QuarterReport
from web.api.files import AS_FILES, FileFormat, Which, answer
from web.api.forecasts import Days, EpicForecast, WholeForecast, by_end, dates_of, forecast
from web.api.models import PROBLEMS, Answer, Impeded, ImpedimentsUnknown, Model, Percent, Points
from web.api.what_if import WhatIf, what_if
from web.api.worth import ChanceCalibration, PromiseCalibration, chances, promises
from web.http.answers import Moment
from web.http.parameters import QuarterId, TeamKey
from web.http.quarters import asked_quarter
from web.http.site import Site
from web.http.what_if import asked_change


class Driver(Model):
    kind: Annotated[
        DriverKind,
        Field(
            description="What is left; scope grown since the quarter began; growth still to come; "
            "how later sprints differ from earlier ones in velocity; what impediments "
            "and off-plan work take of the quarter beyond the usual; children without an estimate "
            "(not in the forecast) at the team's usual one; dependencies that are not done"
        ),
    ]
    working_days: int
    points: Annotated[float | None, Field(description="Of the trend, a working day")]
    usual: Annotated[
        float | None,
        Field(description="What was: points a working day of the trend, percent of hours lost"),
    ]
    now: Annotated[float | None, Field(description="What is, likewise")]


class RoadmapCalibration(Model):
    dates: dict[str, PromiseCalibration]
    amounts: dict[str, PromiseCalibration]
    chances: ChanceCalibration


class Forecast(WholeForecast):
    drivers: Annotated[
        list[Driver], Field(description="What moves the date with 85 %, each taken by itself")
    ]
    calibration: Annotated[
        RoadmapCalibration | None,
        Field(description="What such forecasts of past quarters were worth"),
    ]


class AtEnd(Model):
    total_points: float
    done_points: float
    progression_percent: Percent


class QuarterEpic(Model):
    key: str
    summary: str | None
    program: Annotated[list[str], Field(description="The programs of its labels")]
    total_points: float
    in_progress_points: float
    done_points: float
    done_percent: Percent
    unestimated_count: Annotated[
        int, Field(description="Children that are not done and have no estimate")
    ]
    dependency_count: Annotated[int, Field(description="Children labelled `dependency`")]
    url: str
    slipped_from: Annotated[
        str | None, Field(description="The quarter before, where it was of that and is not done")
    ]
    forecast: EpicForecast | None
    other_quarters: Annotated[
        list[str],
        Field(description="Further quarters that it has a label of: it counts there, too"),
    ]


class QuarterWeek(Model):
    ends_on: Annotated[date, Field(description="A Sunday, or the quarter's last day")]
    progression_percent: Percent
    impediments_opened: int | None
    impediment_seconds: Impeded
    scope_change_points: float


class BurnupDay(Model):
    day: date
    total_points: float
    done_points: float


class Quarter(Answer):
    quarter: str
    starts_on: date
    ends_on: date
    total_points: Points
    in_progress_points: Points
    done_points: Points
    remaining_points: Points
    progression_percent: Percent
    velocity_points_per_day: Points
    days_to_complete: Days
    working_days_left: int
    predictability_days: Days
    capacity_limit_points: Points
    security_coefficient: Annotated[float, Field(description="From 0 to 1")]
    days_away: Annotated[float, Field(description="Of its working days, what absences take")]
    at_end: Annotated[
        AtEnd | None, Field(description="As it stood at its last day's end; null before that")
    ]
    epics: list[QuarterEpic]
    weeks: list[QuarterWeek]
    burnup: list[BurnupDay]
    forecast: Annotated[
        Forecast | None, Field(description="Of the running quarter; null where nothing is known")
    ]
    what_if: Annotated[
        WhatIf | None,
        Field(
            description="The running quarter with the change that is asked for, computed as its "
            "forecast is, and not kept; null where none is asked for"
        ),
    ]
    impediments_unknown: ImpedimentsUnknown


def quarter_routes(site: Site) -> APIRouter:
    """A team's quarters."""
    router = APIRouter(prefix="/api/v1", responses=PROBLEMS)

    @router.get(
        "/teams/{team}/quarters/{quarter}",
        response_model=Quarter,
        summary="A quarter's roadmap: where it stands, and what fits into the rest",
        responses=AS_FILES,
    )
    def quarter(
        request: Request,
        team: TeamKey,
        quarter: QuarterId,
        change: Annotated[Change | None, Depends(asked_change)],
        format: FileFormat = "json",  # noqa: A002 - the name in the address
        table: Which = "",
    ) -> Response:
        def found(moment: Moment) -> QuarterReport:
            return site.reports.quarter(team, asked_quarter(quarter), moment.now, change)

        def render(moment: Moment) -> Quarter:
            return _quarter(found(moment), change)

        def tables(moment: Moment) -> Sequence[Table]:
            return of_quarter(found(moment))

        if format != "json":
            name = f"quarter-{quarter}"
            return answer(site, request, team, name, format, tables, table, ages=True)

        return site.answers.json(request, render, team=team, ages=True)

    return router


def epic(row: EpicRow) -> dict[str, object]:
    """The keys of `QuarterEpic`."""
    figures = row.figures
    return {
        "key": row.key,
        "summary": row.summary,
        "url": row.url,
        "program": list(figures.programs),
        "total_points": figures.total_points,
        "in_progress_points": figures.in_progress_points,
        "done_points": figures.done_points,
        "done_percent": figures.done_percent,
        "unestimated_count": figures.unestimated_count,
        "dependency_count": figures.dependency_count,
        "slipped_from": figures.slipped_from,
        "forecast": forecast(row.outlook),
        "other_quarters": list(figures.also_of),
    }


def _quarter(found: QuarterReport, change: Change | None) -> Quarter:
    roadmap, end = found.roadmap, found.roadmap.at_end
    is_known = found.as_of is not None
    return Quarter(
        as_of=found.as_of,
        quarter=str(found.quarter),
        starts_on=found.first,
        ends_on=found.last,
        total_points=roadmap.total_points if is_known else None,
        in_progress_points=roadmap.in_progress_points if is_known else None,
        done_points=roadmap.done_points if is_known else None,
        remaining_points=roadmap.remaining_points if is_known else None,
        progression_percent=roadmap.progression_percent,
        velocity_points_per_day=found.velocity_points_per_day,
        days_to_complete=found.predictability.days_to_complete if is_known else None,
        working_days_left=found.predictability.working_days_left,
        predictability_days=found.predictability.days if is_known else None,
        capacity_limit_points=found.capacity_limit_points,
        security_coefficient=found.security_coefficient,
        days_away=found.days_away,
        at_end=None if end is None else AtEnd.model_validate(end),
        epics=[QuarterEpic.model_validate(epic(row)) for row in found.epics],
        weeks=[_week(one) for one in found.weeks],
        burnup=[BurnupDay.model_validate(day) for day in roadmap.burnup],
        forecast=_whole(found.outlook, found.worth),
        what_if=None if change is None else what_if(found, change),
        impediments_unknown=found.impediments_unknown,
    )


def _whole(outlook: RoadmapOutlook, worth: Worth | None) -> Forecast | None:
    if outlook.why_none is not None:
        return None
    calibration = None
    if worth is not None:
        kept, alone = worth.corrected, worth.simulated
        calibration = RoadmapCalibration(
            dates=promises(kept.dates, alone.dates),
            amounts=promises(kept.amounts, alone.amounts),
            chances=chances(worth),
        )
    return Forecast(
        probability_percent=outlook.probability_percent,
        dates=dates_of(outlook.dates),
        done_by_end=by_end(outlook),
        drivers=[Driver.model_validate(one) for one in outlook.drivers],
        calibration=calibration,
    )


def _week(one: shapes.QuarterWeek) -> QuarterWeek:
    return QuarterWeek(
        ends_on=one.week.ends_on,
        progression_percent=one.week.progression_percent,
        impediments_opened=one.impediments_opened,
        impediment_seconds=one.impediment_seconds,
        scope_change_points=one.week.scope_change_points,
    )
