"""The page of the sprint to come."""

from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from telemetry.report.shapes.sprints import SprintSummary
from web.http.answers import Moment
from web.http.parameters import TeamKey
from web.http.site import Site
from web.pages.next.view import next_view


def next_pages(site: Site) -> APIRouter:
    """`/teams/{team}/next`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/teams/{key}/next")
    def next_sprint(request: Request, key: TeamKey) -> Response:
        def render(moment: Moment) -> bytes:
            frame = site.frame(key, moment.now)
            plan = site.reports.next_sprint(key, moment.now)
            ahead = next_view(plan, frame.today)
            return site.render("next.html", **frame.values, plan=plan, ahead=ahead)

        return site.answers.page(request, render, team=key)

    return router


def upcoming(site: Site, key: str, sprint: SprintSummary, today: date) -> dict[str, object]:
    """What the page of a sprint to come shows in the place of figures; None for other sprints."""
    if sprint.state != "future":
        return {"plan": None, "ahead": None}
    plan = site.reports.next_sprint(key, site.clock(), sprint.id)
    return {"plan": plan, "ahead": next_view(plan, today)}
