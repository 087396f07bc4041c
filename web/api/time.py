"""The route of the API that tells where a team's time went."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from telemetry.export import weeks
from telemetry.export.tables import Table
from telemetry.report.shapes.time import TimeRow as Row
from web.api import files
from web.api.files import AS_FILES, FileFormat
from web.api.models import PROBLEMS, Answer, Impeded, ImpedimentsUnknown, Model, Seconds
from web.api.parameters import From, To, window
from web.http.answers import Moment
from web.http.parameters import TeamKey
from web.http.site import Site


class TimeRow(Model):
    start_on: date
    planned_seconds: Seconds
    impediment_seconds: Impeded
    off_plan_seconds: Seconds
    natures: Annotated[dict[str, int], Field(description="Impediment seconds by nature")]


class Time(Answer):
    items: list[TimeRow]
    impediments_unknown: ImpedimentsUnknown


def time_routes(site: Site) -> APIRouter:
    """`/teams/{team}/time`."""
    router = APIRouter(prefix="/api/v1", responses=PROBLEMS)

    @router.get(
        "/teams/{team}/time",
        response_model=Time,
        responses=AS_FILES,
        summary="Planned, impediment and off-plan time by day, week or sprint",
    )
    def time(
        request: Request,
        team: TeamKey,
        first: From = None,
        to: To = None,
        by: Annotated[
            Literal["day", "week", "sprint"], Query(description="What each row is of")
        ] = "day",
        format: FileFormat = "json",  # noqa: A002 - the name in the address
    ) -> Response:
        def tables(moment: Moment) -> list[Table]:
            start, end = window(site, team, first, to, moment.now)
            return [weeks.time(site.reports.time(team, start, end, by))]

        if format != "json":
            return files.answer(site, request, team, "time", format, tables, ages=True)

        def render(moment: Moment) -> Time:
            start, end = window(site, team, first, to, moment.now)
            rows = [_row(row) for row in site.reports.time(team, start, end, by)]
            return Time(
                as_of=site.reports.as_of(team),
                items=rows,
                impediments_unknown=site.reports.impediments_unknown(team),
            )

        return site.answers.json(request, render, team=team, ages=True)

    return router


def _row(row: Row) -> TimeRow:
    """Time of one day, week or sprint, flat."""
    return TimeRow(
        start_on=row.start_on,
        planned_seconds=row.time.planned_seconds,
        impediment_seconds=row.time.impediment_seconds,
        off_plan_seconds=row.time.off_plan_seconds,
        natures=dict(row.natures),
    )
