"""The routes of the API of one sprint: its figures, its burndown, its issues."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from telemetry.export import sprint as sprint_tables
from telemetry.export.tables import Table
from web.api import files
from web.api.files import AS_FILES, FileFormat, Which
from web.api.models import PROBLEMS
from web.api.parameters import Cursor, Limit, SprintId, page, sprint_key
from web.api.sprint_models import (
    Burndown,
    BurndownDay,
    BurndownEvent,
    OneSprint,
    SprintIssue,
    SprintIssues,
    sprint_fields,
)
from web.http.answers import Moment
from web.http.parameters import TeamKey
from web.http.site import Site


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

    _add_burndown(router, site)
    _add_issues(router, site)
    return router


def _add_burndown(router: APIRouter, site: Site) -> None:
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


def _add_issues(router: APIRouter, site: Site) -> None:
    reports = site.reports

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
