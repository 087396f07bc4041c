"""The routes of the API: teams, sprints, burndown, issues, velocity."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel
from starlette.responses import Response

from telemetry.errors import NotFound
from web.api import answers, models
from web.api.paging import Cursor, Limit, page
from web.http.answers import conditional
from web.http.site import Site

PROBLEMS: dict[int | str, dict[str, Any]] = {
    304: {"description": "Not modified: the ETag sent in If-None-Match still holds"},
    404: {"model": models.Problem, "description": "No such team or sprint"},
    422: {"model": models.Problem, "description": "A parameter is wrong; `detail` names it"},
}
TeamKey = Annotated[str, Path(description="The team's key, as in telemetry.yml")]
SprintId = Annotated[str, Path(description="The sprint's id, or `current`", max_length=20)]


def answer(request: Request, model: BaseModel) -> Response:
    """The model as JSON with the ETag of itself, or 304."""
    return conditional(request, model.model_dump_json().encode(), "application/json")


def sprint_key(given: str) -> int | str:
    """`current` or the id; raises NotFound for what cannot be one."""
    if given == "current":
        return given
    if given.isascii() and given.isdigit() and int(given) < 2**63:
        return int(given)
    raise NotFound(f"there is no sprint {given!r}: give an id, or 'current'")


def api_routes(site: Site) -> APIRouter:
    """Teams, sprints and what belongs to one sprint."""
    router = APIRouter(prefix="/api/v1", responses=PROBLEMS)
    reports = site.reports

    @router.get("/teams", response_model=models.Teams, summary="The teams")
    def teams(request: Request, limit: Limit = 100, cursor: Cursor = None) -> Response:
        rows, following = page(reports.teams(site.clock()), limit, cursor)
        items = [
            models.Team(
                key=row.key,
                name=row.name,
                is_stale=row.freshness.is_stale,
                active_sprints=[models.SprintName.model_validate(s) for s in row.active_sprints],
            )
            for row in rows
        ]
        as_of = reports.as_of(None)
        return answer(request, models.Teams(as_of=as_of, items=items, next_cursor=following))

    @router.get(
        "/teams/{team}/sprints",
        response_model=models.Sprints,
        summary="A team's sprints with their figures, newest first",
    )
    def sprints(
        request: Request,
        team: TeamKey,
        state: Literal["future", "active", "closed"] | None = None,
        limit: Limit = 100,
        cursor: Cursor = None,
    ) -> Response:
        rows, following = page(reports.sprints(team, state), limit, cursor)
        items = [answers.sprint(row) for row in rows]
        as_of = reports.as_of(team)
        return answer(request, models.Sprints(as_of=as_of, items=items, next_cursor=following))

    @router.get(
        "/teams/{team}/sprints/{sprint}",
        response_model=models.OneSprint,
        summary="One sprint's figures",
    )
    def one_sprint(request: Request, team: TeamKey, sprint: SprintId) -> Response:
        found = reports.sprint(team, sprint_key(sprint))
        return answer(request, answers.one_sprint(found, reports.as_of(team)))

    _add_parts(router, site)
    return router


def _add_parts(router: APIRouter, site: Site) -> None:
    reports = site.reports

    @router.get(
        "/teams/{team}/sprints/{sprint}/burndown",
        response_model=models.Burndown,
        summary="What remains day by day, and each change of it",
    )
    def burndown(request: Request, team: TeamKey, sprint: SprintId) -> Response:
        found = reports.burndown(team, reports.sprint(team, sprint_key(sprint)).id)
        days = [models.BurndownDay.model_validate(row) for row in found.days]
        events = [models.BurndownEvent.model_validate(event) for event in found.events]
        as_of = reports.as_of(team)
        return answer(request, models.Burndown(as_of=as_of, days=days, events=events))

    @router.get(
        "/teams/{team}/sprints/{sprint}/issues",
        response_model=models.SprintIssues,
        summary="The issues of a sprint and what became of them",
    )
    def issues(
        request: Request,
        team: TeamKey,
        sprint: SprintId,
        limit: Limit = 100,
        cursor: Cursor = None,
    ) -> Response:
        found = reports.issues(team, reports.sprint(team, sprint_key(sprint)).id)
        rows, following = page(found, limit, cursor)
        items = [models.SprintIssue.model_validate(row) for row in rows]
        as_of = reports.as_of(team)
        return answer(request, models.SprintIssues(as_of=as_of, items=items, next_cursor=following))

    @router.get(
        "/teams/{team}/velocity",
        response_model=models.Velocity,
        summary="Velocity and averages over the last closed sprints",
    )
    def velocity(request: Request, team: TeamKey) -> Response:
        found = reports.velocity(team)
        given = {name: getattr(found, name, None) for name in models.Velocity.model_fields}
        given["as_of"] = reports.as_of(team)
        return answer(request, models.Velocity.model_validate(given))
