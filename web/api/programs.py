"""The routes of the API that tell of programs."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import Field
from starlette.responses import Response

from telemetry.domain.quarter import Quarter
from telemetry.export.roadmaps import of_program, of_programs
from telemetry.export.tables import Table
from telemetry.metrics.programs import Part
from telemetry.metrics.standing import Amounts
from telemetry.report.quarter.shapes import ProgramReport
from web.api.files import AS_FILES, FileFormat, Which, answer
from web.api.forecasts import EpicForecast, forecast
from web.api.models import PROBLEMS, Answer, Model, Percent
from web.api.quarter import BurnupDay, QuarterEpic, epic
from web.http.answers import Moment
from web.http.portfolios import Portfolios
from web.http.quarters import Asked, asked_or_none
from web.http.site import Site

ProgramId = Annotated[
    str, Path(description="All that follows `Project_` in the label", max_length=255)
]
Unit = Annotated[str, Field(description="What its points are: `point`, `issue` or `hour`")]


class TeamEpic(QuarterEpic):
    team: Annotated[str, Field(description="The key of its team")]


class ProgramName(Model):
    name: str
    quarters: list[str]


class Programs(Answer):
    items: list[ProgramName]


class Sums(Model):
    total_points: float
    in_progress_points: float
    done_points: float
    remaining_points: float
    progression_percent: Percent


class ProgramTeam(Sums):
    team: str
    name: str
    unit: Unit
    forecast: EpicForecast | None


class ProgramQuarter(Sums):
    quarter: Annotated[str | None, Field(description="null: epics that are of no quarter")]
    epic_count: int


class Program(Answer, Sums):
    name: str
    quarter: str
    unestimated_count: int
    dependency_count: int
    epics: list[TeamEpic]
    teams: list[ProgramTeam]
    critical_team: Annotated[
        str | None, Field(description="The key of the team whose date moves the program's")
    ]
    burnup: list[BurnupDay]
    forecast: EpicForecast | None
    quarters: Annotated[
        list[ProgramQuarter],
        Field(description="All that it has epics in; an epic of two counts in both"),
    ]


def programs_routes(site: Site, portfolios: Portfolios) -> APIRouter:
    """Programs across teams."""
    router = APIRouter(prefix="/api/v1", responses=PROBLEMS)

    @router.get(
        "/programs",
        response_model=Programs,
        summary="The programs that epics belong to",
        responses=AS_FILES,
    )
    def programs(
        request: Request,
        quarter: Asked = "",
        format: FileFormat = "json",  # noqa: A002 - the name in the address
    ) -> Response:
        def tables(moment: Moment) -> Sequence[Table]:
            return (of_programs(portfolios.at(moment, asked_or_none(quarter))),)

        def render(moment: Moment) -> Programs:
            found = site.reports.programs(asked_or_none(quarter))
            items = [ProgramName(name=one.name, quarters=_names(one.quarters)) for one in found]
            return Programs(as_of=site.reports.as_of(None), items=items)

        if format != "json":
            name = f"programs-{quarter or 'current'}"
            return answer(site, request, None, name, format, tables, ages=True)
        return site.answers.json(request, render, team=None)

    _add_program(router, site)
    return router


def _add_program(router: APIRouter, site: Site) -> None:
    @router.get(
        "/programs/{name:path}",
        response_model=Program,
        summary="A program's epics of a quarter, across teams",
        responses=AS_FILES,
    )
    def program(
        request: Request,
        name: ProgramId,
        quarter: Asked = "",
        format: FileFormat = "json",  # noqa: A002 - the name in the address
        table: Which = "",
    ) -> Response:
        def found(moment: Moment) -> ProgramReport:
            return site.reports.program(name, asked_or_none(quarter), moment.now)

        if format != "json":
            file = f"program-{name}-{quarter or 'current'}"

            def tables(moment: Moment) -> Sequence[Table]:
                return of_program(found(moment))

            return answer(site, request, None, file, format, tables, table, ages=True)
        return site.answers.json(
            request, lambda moment: _program(found(moment)), team=None, ages=True
        )


def _names(quarters: tuple[Quarter, ...]) -> list[str]:
    return [str(one) for one in quarters]


def sums(found: Amounts) -> dict[str, Any]:
    """The keys of `Sums`."""
    return {name: getattr(found, name) for name in Sums.model_fields}


def key_of(part: Part | None) -> str | None:
    """The key of a team's part."""
    return None if part is None else part.key


def _program(found: ProgramReport) -> Program:
    every = found.amounts
    return Program(
        as_of=found.as_of,
        name=found.name,
        quarter=str(found.quarter),
        **sums(every),
        unestimated_count=every.unestimated_count,
        dependency_count=every.dependency_count,
        epics=[TeamEpic.model_validate({**epic(row), "team": row.team_key}) for row in found.epics],
        teams=[
            ProgramTeam(
                team=one.key,
                name=one.name,
                unit=one.unit,
                **sums(one.amounts),
                forecast=forecast(one.outlook),
            )
            for one in found.teams
        ],
        critical_team=key_of(found.critical),
        burnup=[BurnupDay.model_validate(day) for day in found.burnup],
        forecast=forecast(found.outlook),
        quarters=[
            ProgramQuarter(
                quarter=None if one.quarter is None else str(one.quarter),
                epic_count=one.amounts.epic_count,
                **sums(one.amounts),
            )
            for one in found.quarters
        ],
    )
