"""The routes of the API that tell of quarters and programs."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from telemetry.domain.quarter import Quarter as QuarterName
from telemetry.metrics.forecast import PERCENTILES, Worth
from telemetry.metrics.roadmap_forecast import EpicOutlook, RoadmapOutlook
from telemetry.report.quarter import shapes
from telemetry.report.quarter.shapes import EpicRow, ProgramReport, QuarterReport
from web.api.models import PROBLEMS, Answer, Model, Percent, Points
from web.api.sprint import Calibration, ChanceCalibration, chances, promises
from web.http.answers import Moment
from web.http.parameters import QuarterId, TeamKey
from web.http.quarters import ASKED, asked_quarter
from web.http.site import Site

Days = Annotated[float | None, Field(description="Working days; null where unknown")]
ProgramId = Annotated[
    str, Path(description="All that follows `Project_` in the label", max_length=255)
]
Asked = Annotated[
    str,
    Query(
        description=ASKED,
        max_length=20,
        json_schema_extra={"pattern": "^([Qq][1-4]-(20)?[0-9]{2})?$"},
    ),
]


Dates = Annotated[
    dict[str, date | None],
    Field(description='Days by which all is done, by chance: "50", "85", "95"; null: none known'),
]


class EpicForecast(Model):
    probability_percent: Annotated[
        float | None, Field(description="The chance that it is done by the quarter's end")
    ]
    dates: Dates


class Driver(Model):
    kind: Annotated[
        Literal["grown", "growth", "unestimated"],
        Field(
            description="Scope grown since the quarter began, growth still to come, or children "
            "without an estimate (not in the forecast) at the team's usual one"
        ),
    ]
    working_days: int
    points: float


class RoadmapCalibration(Model):
    dates: dict[str, Calibration]
    amounts: dict[str, Calibration]
    chances: ChanceCalibration


class Forecast(EpicForecast):
    done_by_end: Annotated[
        dict[str, float | None], Field(description='Points done by the end, by chance: "50", "85"')
    ]
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


class TeamEpic(QuarterEpic):
    team: Annotated[str, Field(description="The key of its team")]


class QuarterWeek(Model):
    ends_on: Annotated[date, Field(description="A Sunday, or the quarter's last day")]
    progression_percent: Percent
    impediments_opened: int
    impediment_seconds: int
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
    at_end: Annotated[
        AtEnd | None, Field(description="As it stood at its last day's end; null before that")
    ]
    epics: list[QuarterEpic]
    weeks: list[QuarterWeek]
    burnup: list[BurnupDay]
    forecast: Annotated[
        Forecast | None, Field(description="Of the running quarter; null where nothing is known")
    ]


class ProgramName(Model):
    name: str
    quarters: list[str]


class Programs(Answer):
    items: list[ProgramName]


class ProgramTeam(Model):
    team: str
    name: str
    total_points: float
    in_progress_points: float
    done_points: float
    remaining_points: float
    progression_percent: Percent
    forecast: EpicForecast | None


class Program(Answer):
    name: str
    quarter: str
    total_points: float
    in_progress_points: float
    done_points: float
    remaining_points: float
    progression_percent: Percent
    unestimated_count: int
    dependency_count: int
    epics: list[TeamEpic]
    teams: list[ProgramTeam]
    critical_team: Annotated[
        str | None, Field(description="The key of the team whose date moves the program's")
    ]
    burnup: list[BurnupDay]
    forecast: EpicForecast | None


def quarter_routes(site: Site) -> APIRouter:
    """A team's quarters, and programs across teams."""
    router = APIRouter(prefix="/api/v1", responses=PROBLEMS)

    @router.get(
        "/teams/{team}/quarters/{quarter}",
        response_model=Quarter,
        summary="A quarter's roadmap: where it stands, and what fits into the rest",
    )
    def quarter(request: Request, team: TeamKey, quarter: QuarterId) -> Response:
        def render(moment: Moment) -> Quarter:
            return _quarter(site.reports.quarter(team, asked_quarter(quarter), moment.now))

        return site.answers.json(request, render, team=team, ages=True)

    @router.get("/programs", response_model=Programs, summary="The programs that epics belong to")
    def programs(request: Request, quarter: Asked = "") -> Response:
        def render(moment: Moment) -> Programs:
            found = site.reports.programs(asked_quarter(quarter) if quarter else None)
            items = [ProgramName(name=one.name, quarters=_names(one.quarters)) for one in found]
            return Programs(as_of=site.reports.as_of(None), items=items)

        return site.answers.json(request, render, team=None)

    @router.get(
        "/programs/{name:path}",
        response_model=Program,
        summary="A program's epics of a quarter, across teams",
    )
    def program(request: Request, name: ProgramId, quarter: Asked = "") -> Response:
        def render(moment: Moment) -> Program:
            asked = asked_quarter(quarter) if quarter else None
            return _program(site.reports.program(name, asked, moment.now))

        return site.answers.json(request, render, team=None, ages=True)

    return router


def _names(quarters: tuple[QuarterName, ...]) -> list[str]:
    return [str(one) for one in quarters]


def _epic(row: EpicRow) -> dict[str, object]:
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
        "forecast": _forecast(row.outlook),
        "other_quarters": list(figures.also_of),
    }


def _quarter(found: QuarterReport) -> Quarter:
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
        at_end=None if end is None else AtEnd.model_validate(end),
        epics=[QuarterEpic.model_validate(_epic(row)) for row in found.epics],
        weeks=[_week(one) for one in found.weeks],
        burnup=[BurnupDay.model_validate(day) for day in roadmap.burnup],
        forecast=_whole(found.outlook, found.worth),
    )


def _forecast(outlook: EpicOutlook | None) -> EpicForecast | None:
    if outlook is None:
        return None
    return EpicForecast(
        probability_percent=outlook.probability_percent, dates=_dates(outlook.dates)
    )


def _dates(days: tuple[date | None, ...]) -> dict[str, date | None]:
    return {str(p): day for p, day in zip(PERCENTILES, days, strict=True)}


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
        dates=_dates(outlook.dates),
        done_by_end={"50": outlook.done_50_points, "85": outlook.done_85_points},
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


def _program(found: ProgramReport) -> Program:
    return Program(
        as_of=found.as_of,
        name=found.name,
        quarter=str(found.quarter),
        total_points=found.total_points,
        in_progress_points=found.in_progress_points,
        done_points=found.done_points,
        remaining_points=found.remaining_points,
        progression_percent=found.progression_percent,
        unestimated_count=sum(row.figures.unestimated_count for row in found.epics),
        dependency_count=sum(row.figures.dependency_count for row in found.epics),
        epics=[
            TeamEpic.model_validate({**_epic(row), "team": row.team_key}) for row in found.epics
        ],
        teams=[
            ProgramTeam(
                team=one.key,
                name=one.name,
                total_points=one.roadmap.total_points,
                in_progress_points=one.roadmap.in_progress_points,
                done_points=one.roadmap.done_points,
                remaining_points=one.roadmap.remaining_points,
                progression_percent=one.roadmap.progression_percent,
                forecast=_forecast(one.outlook),
            )
            for one in found.teams
        ],
        critical_team=found.critical.key if found.critical else None,
        burnup=[BurnupDay.model_validate(day) for day in found.burnup],
        forecast=_forecast(found.outlook),
    )
