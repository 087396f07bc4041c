"""The route of the API that lists a team's sprints with their figures."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from telemetry.export import sprint as sprint_tables
from telemetry.export.tables import Table
from web.api import files
from web.api.files import AS_FILES, FileFormat
from web.api.models import PROBLEMS, Paged
from web.api.parameters import Cursor, Limit, page
from web.api.sprint_models import Sprint, sprint_fields
from web.http.answers import Moment
from web.http.parameters import TeamKey
from web.http.site import Site


class Sprints(Paged):
    items: list[Sprint]


def sprints_routes(site: Site) -> APIRouter:
    """`/teams/{team}/sprints`."""
    router = APIRouter(prefix="/api/v1", responses=PROBLEMS)
    reports = site.reports

    @router.get(
        "/teams/{team}/sprints",
        response_model=Sprints,
        responses=AS_FILES,
        summary="A team's sprints with their figures, newest first",
    )
    def sprints(
        request: Request,
        team: TeamKey,
        state: Annotated[
            Literal["future", "active", "closed"] | None, Query(description="Default: all")
        ] = None,
        limit: Limit = 100,
        cursor: Cursor = None,
        format: FileFormat = "json",  # noqa: A002 - the name in the address
    ) -> Response:
        def tables(moment: Moment) -> list[Table]:
            return [sprint_tables.sprints(reports.sprints(team, state))]

        if format != "json":
            return files.answer(site, request, team, "sprints", format, tables)

        def render(moment: Moment) -> Sprints:
            rows, following = page(reports.sprints(team, state), limit, cursor)
            items = [Sprint.model_validate(sprint_fields(row)) for row in rows]
            return Sprints(as_of=reports.as_of(team), items=items, next_cursor=following)

        return site.answers.json(request, render, team=team)

    return router
