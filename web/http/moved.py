"""Addresses that pages and routes once had, for who kept one: they lead where the thing is now."""

from collections.abc import Callable
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse

MOVED = {
    "/teams/{team}/sprints/{sprint}/then": "/teams/{team}/sprints/{sprint}/snapshots",
    "/api/v1/teams/{team}/unexpected": "/api/v1/teams/{team}/impediments/report",
}


def moved_routes() -> APIRouter:
    """A redirect for each former address, with the query that it had."""
    router = APIRouter(include_in_schema=False)
    for former, now in MOVED.items():
        router.add_api_route(former, _leading_to(now), methods=["GET"])
    return router


def _leading_to(now: str) -> Callable[[Request], RedirectResponse]:
    def lead(request: Request) -> RedirectResponse:
        given = {name: quote(value, safe="") for name, value in request.path_params.items()}
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(now.format(**given) + query, status_code=308)

    return lead
