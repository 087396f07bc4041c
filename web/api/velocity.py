"""The route of the API that tells how much a team gets done in a day."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from telemetry.export import sprint
from telemetry.export.tables import Table
from web.api import files
from web.api.files import AS_FILES, FileFormat
from web.api.models import PROBLEMS, Answer, Impeded, ImpedimentsUnknown, Model, Percent
from web.http.answers import Moment
from web.http.parameters import TeamKey
from web.http.site import Site


class VelocitySprint(Model):
    id: int
    name: str
    committed_points: float
    completed_points: float
    working_days: int
    impediment_seconds: Impeded


class Velocity(Answer):
    velocity_points_per_day: float | None
    average_completion_percent: Percent
    average_impediment_seconds: float | None
    sprints: list[VelocitySprint]
    impediments_unknown: ImpedimentsUnknown


def velocity_routes(site: Site) -> APIRouter:
    """`/teams/{team}/velocity`."""
    router = APIRouter(prefix="/api/v1", responses=PROBLEMS)

    @router.get(
        "/teams/{team}/velocity",
        response_model=Velocity,
        responses=AS_FILES,
        summary="Velocity and averages over the last closed sprints",
    )
    def velocity(
        request: Request,
        team: TeamKey,
        format: FileFormat = "json",  # noqa: A002 - the name in the address
    ) -> Response:
        def tables(moment: Moment) -> list[Table]:
            return [sprint.velocity(site.reports.velocity(team))]

        if format != "json":
            return files.answer(site, request, team, "velocity", format, tables)

        def render(moment: Moment) -> Velocity:
            found = site.reports.velocity(team)
            given = {name: getattr(found, name, None) for name in Velocity.model_fields}
            return Velocity.model_validate({**given, "as_of": site.reports.as_of(team)})

        return site.answers.json(request, render, team=team)

    return router
