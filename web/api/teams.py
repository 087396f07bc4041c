"""The route of the API that lists the teams."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from telemetry.export.tables import Table
from telemetry.export.teams import of_teams
from telemetry.report.shapes.teams import TeamRow
from web.api.files import AS_FILES, FileFormat, answer
from web.api.models import PROBLEMS, ImpedimentsUnknown, Model, Paged, SprintName
from web.api.parameters import Cursor, Limit, page
from web.http.answers import Moment
from web.http.site import Site


class Team(Model):
    key: str
    name: str
    is_stale: Annotated[bool, Field(description="Whether its data are older than they should be")]
    reason: Annotated[
        str | None, Field(description="Why that is so, or why nothing is known yet; null if fresh")
    ]
    misfits: Annotated[
        list[str], Field(description="Settings of it that do not fit Jira, each a sentence")
    ]
    impediments_unknown: ImpedimentsUnknown
    active_sprints: list[SprintName]


class Teams(Paged):
    items: list[Team]


def teams_routes(site: Site) -> APIRouter:
    """`/teams`."""
    router = APIRouter(prefix="/api/v1", responses=PROBLEMS)

    @router.get("/teams", response_model=Teams, summary="The teams", responses=AS_FILES)
    def teams(
        request: Request,
        limit: Limit = 100,
        cursor: Cursor = None,
        format: FileFormat = "json",  # noqa: A002 - the name in the address
    ) -> Response:
        def tables(moment: Moment) -> Sequence[Table]:
            return [of_teams(site.reports.teams_list(moment.now).rows(moment.now))]

        if format != "json":
            return answer(site, request, None, "teams", format, tables, ages=True)

        def render(moment: Moment) -> Teams:
            rows, following = page(site.reports.teams(moment.now), limit, cursor)
            items = [_team(row) for row in rows]
            return Teams(as_of=site.reports.as_of(None), items=items, next_cursor=following)

        return site.answers.json(request, render, team=None, ages=True)

    return router


def _team(row: TeamRow) -> Team:
    return Team(
        key=row.key,
        name=row.name,
        is_stale=row.freshness.is_stale,
        reason=row.freshness.reason,
        misfits=list(row.misfits),
        impediments_unknown=row.impediments_unknown,
        active_sprints=[SprintName.model_validate(one) for one in row.active_sprints],
    )
