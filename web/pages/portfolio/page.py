"""The portfolio: a quarter of all teams and programs, sorted and filtered by its address."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from web.http.answers import Moment
from web.http.portfolios import Portfolios
from web.http.quarters import Asked, asked_or_none
from web.http.site import Site
from web.pages.portfolio import rows
from web.pages.portfolio.view import Choices, portfolio_view
from web.show import program_rows


def portfolio_pages(site: Site, portfolios: Portfolios) -> APIRouter:
    """`/portfolio`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/portfolio")
    def portfolio(
        request: Request,
        quarter: Asked = "",
        q: Annotated[str, Query(max_length=100)] = "",
        program: Annotated[str, Query(max_length=255)] = "",
        only: Annotated[str, Query(pattern="^(risk)?$")] = "",
        sort: Annotated[str, Query(pattern=rows.SORTS)] = "risk",
        by: Annotated[str, Query(pattern=program_rows.SORTS)] = "date",
    ) -> Response:
        def render(moment: Moment) -> bytes:
            found = portfolios.at(moment, asked_or_none(quarter))
            choices = Choices(quarter, q, program, only, sort, by)
            view = portfolio_view(found, choices)
            return site.render(
                "portfolio.html",
                found=found,
                view=view,
                chosen=choices.chosen,
                now=moment.now,
                zone=view.zone,
            )

        return site.answers.page(
            request, render, team=None, asked=(quarter, q, program, only, sort, by)
        )

    return router
