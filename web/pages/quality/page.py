"""The page of what a team's data in the tracker contradict."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from telemetry.words import quality as words
from web.http.answers import Moment
from web.http.parameters import TeamKey
from web.http.site import Site
from web.pages.quality import view
from web.show.text import text


def quality_pages(site: Site) -> APIRouter:
    """`/teams/{team}/quality`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/teams/{key}/quality")
    def quality(request: Request, key: TeamKey) -> Response:
        def render(moment: Moment) -> bytes:
            frame, found = site.frame(key, moment.now), site.reports.quality(key)
            groups = view.groups(found, frame.zone, frame.today)
            lead, window = words.lead(found), text(words.window(found))
            values = {"groups": groups, "lead": lead, "window": window}
            return site.render("quality.html", **frame.values, **values)

        return site.answers.page(request, render, team=key)

    return router
