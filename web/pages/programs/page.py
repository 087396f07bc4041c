"""The pages of programs: all of a quarter, and each with its teams and epics."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from web.http.answers import Moment
from web.http.portfolios import Portfolios
from web.http.quarters import Asked, asked_or_none
from web.http.site import Site
from web.pages.programs.view import program_view, programs_view
from web.show import program_rows

Name = Annotated[str, Path(max_length=255)]


def programs_pages(site: Site, portfolios: Portfolios) -> APIRouter:
    """`/programs`, and `/programs/{name}`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/programs")
    def programs(
        request: Request,
        quarter: Asked = "",
        by: Annotated[str, Query(pattern=program_rows.SORTS)] = "date",
        name: Annotated[str, Query(max_length=255)] = "",
    ) -> Response:
        def render(moment: Moment) -> bytes:
            if name:
                return _program(site, moment, name, quarter)
            found = portfolios.at(moment, asked_or_none(quarter))
            view = programs_view(found, site.reports.programs(None), by)
            chosen = {"quarter": quarter, "by": "" if by == "date" else by}
            values = {"found": found, "view": view, "chosen": chosen, "by": by}
            return site.render("programs.html", **values, now=moment.now, zone=view.zone)

        return site.answers.page(request, render, team=None, asked=(quarter, by, name))

    @router.get("/programs/{name:path}")
    def program(request: Request, name: Name, quarter: Asked = "") -> Response:
        def render(moment: Moment) -> bytes:
            return _program(site, moment, name, quarter)

        return site.answers.page(request, render, team=None, asked=(quarter,))

    return router


def _program(site: Site, moment: Moment, name: str, quarter: str) -> bytes:
    found = site.reports.program(name, asked_or_none(quarter), moment.now)
    view = program_view(found)
    values = {"found": found, "view": view, "chosen": {}}
    return site.render("program.html", **values, now=moment.now, zone=view.zone)
