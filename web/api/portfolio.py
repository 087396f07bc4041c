"""The route of the API that tells of a quarter of all teams."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from telemetry.export.roadmaps import of_portfolio
from telemetry.export.tables import Table
from telemetry.report.quarter import shapes
from telemetry.report.quarter.shapes import PortfolioTeam
from web.api.files import AS_FILES, FileFormat, Which, answer
from web.api.forecasts import Days, EpicForecast, forecast
from web.api.models import PROBLEMS, Answer, Percent, Points
from web.api.programs import Sums, Unit, key_of, sums
from web.api.quarter import AtEnd
from web.http.answers import Moment
from web.http.portfolios import Portfolios
from web.http.quarters import Asked, asked_or_none
from web.http.site import Site


class TeamQuarter(Sums):
    team: str
    name: str
    unit: Unit
    is_stale: bool
    epic_count: int
    done_epic_count: int
    velocity_points_per_day: Points
    days_to_complete: Days
    working_days_left: int
    predictability_days: Days
    scope_growth_percent: Annotated[
        Percent, Field(description="By how much the scope grew since the quarter began")
    ]
    unestimated_count: int
    dependency_count: int
    programs: list[str]
    at_end: AtEnd | None
    forecast: EpicForecast | None


class ProgramOfQuarter(Sums):
    name: str
    team_count: int
    epic_count: int
    done_epic_count: int
    unestimated_count: int
    dependency_count: int
    critical_team: str | None
    forecast: EpicForecast | None


class Portfolio(Answer):
    quarter: str
    starts_on: date
    ends_on: date
    teams: list[TeamQuarter]
    programs: list[ProgramOfQuarter]


def portfolio_routes(site: Site, portfolios: Portfolios) -> APIRouter:
    """All teams and programs in a quarter."""
    router = APIRouter(prefix="/api/v1", responses=PROBLEMS)

    @router.get(
        "/portfolio",
        response_model=Portfolio,
        summary="A quarter of all teams, and of all programs",
        responses=AS_FILES,
    )
    def portfolio(
        request: Request,
        quarter: Asked = "",
        format: FileFormat = "json",  # noqa: A002 - the name in the address
        table: Which = "",
    ) -> Response:
        def found(moment: Moment) -> shapes.Portfolio:
            return portfolios.at(moment, asked_or_none(quarter))

        def tables(moment: Moment) -> Sequence[Table]:
            return of_portfolio(found(moment))

        if format != "json":
            name = f"portfolio-{quarter or 'current'}"
            return answer(site, request, None, name, format, tables, table, ages=True)
        return site.answers.json(
            request, lambda moment: _portfolio(found(moment)), team=None, ages=True
        )

    return router


def _portfolio(found: shapes.Portfolio) -> Portfolio:
    return Portfolio(
        as_of=found.as_of,
        quarter=str(found.quarter),
        starts_on=found.first,
        ends_on=found.last,
        teams=[_team(one) for one in found.teams],
        programs=[
            ProgramOfQuarter(
                name=one.name,
                team_count=len(one.teams),
                epic_count=one.amounts.epic_count,
                done_epic_count=one.amounts.done_count,
                unestimated_count=one.amounts.unestimated_count,
                dependency_count=one.amounts.dependency_count,
                critical_team=key_of(one.critical),
                forecast=forecast(one.outlook),
                **sums(one.amounts),
            )
            for one in found.programs
        ],
    )


def _team(one: PortfolioTeam) -> TeamQuarter:
    end, known = one.at_end, one.predictability
    has_points = bool(one.amounts.total_points)
    return TeamQuarter(
        team=one.key,
        name=one.name,
        unit=one.unit,
        is_stale=one.freshness.is_stale,
        epic_count=one.amounts.epic_count,
        done_epic_count=one.amounts.done_count,
        velocity_points_per_day=one.velocity_points_per_day,
        days_to_complete=known.days_to_complete,
        working_days_left=known.working_days_left,
        predictability_days=known.days if has_points else None,
        scope_growth_percent=one.growth_percent,
        unestimated_count=one.amounts.unestimated_count,
        dependency_count=one.amounts.dependency_count,
        programs=list(one.programs),
        at_end=None if end is None else AtEnd.model_validate(end),
        forecast=forecast(one.outlook),
        **sums(one.amounts),
    )
