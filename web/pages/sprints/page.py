"""The page of all of a team's sprints, side by side."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from web.http.answers import Moment
from web.http.parameters import TeamKey
from web.http.site import Site
from web.pages.sprints import view
from web.pages.sprints.view import (
    PAGE,
    SHED_NOTE,
    SORTS,
    sprints_view,
)


def sprints_pages(site: Site) -> APIRouter:
    """`/teams/{team}/sprints`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/teams/{key}/sprints")
    def sprints(
        request: Request,
        key: TeamKey,
        sort: Annotated[str, Query(pattern=SORTS)] = "start",
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    ) -> Response:
        def render(moment: Moment) -> bytes:
            return _page(site, moment, key, sort, page)

        return site.answers.page(request, render, team=key, asked=(sort, page))

    return router


def _page(site: Site, moment: Moment, key: str, sort: str, page: int) -> bytes:
    frame = site.frame(key, moment.now)
    table = site.reports.sprint_table(key, sort, (page - 1) * PAGE, PAGE)
    return site.render(
        "sprints.html",
        **frame.values,
        table=table,
        view=sprints_view(frame.team, table, sort, page, frame.today),
        chosen={"sort": "" if sort == "start" else sort, "page": "" if page == 1 else page},
        columns=view.COLUMNS,
        sort=sort,
        page_size=PAGE,
        shed_note=SHED_NOTE,
    )
