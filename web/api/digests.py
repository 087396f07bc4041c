"""The route of the API that gives a digest as it would be sent now."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from telemetry.digest.making import make, make_at
from telemetry.digest.record import record
from telemetry.domain.bounds import EARLIEST, FARTHEST
from web.api.models import PROBLEMS, Answer
from web.http.answers import Moment
from web.http.days import Instant, bad
from web.http.parameters import TeamKey
from web.http.site import Site


class Digest(Answer):
    kind: Literal["day", "week", "sprint"]
    team: str
    title: str
    is_silent: Annotated[bool, Field(description="There is nothing to tell; it would not be sent")]
    url: str
    text: str
    markdown: Annotated[str, Field(description="CommonMark")]
    html: Annotated[str, Field(description="A mail, its styles in the elements")]


def digests_routes(site: Site) -> APIRouter:
    """`/digests/{team}`."""
    router = APIRouter(prefix="/api/v1", responses=PROBLEMS)

    @router.get(
        "/digests/{team}",
        response_model=Digest,
        summary="A digest of a team, as text, Markdown and HTML",
    )
    def digest(
        request: Request,
        team: TeamKey,
        kind: Annotated[
            Literal["day", "week", "sprint"],
            Query(description="The day, the week, or the sprint closed last"),
        ] = "week",
        at: Annotated[
            Instant | None,
            Query(description="An instant of that week, or after that close; by default now"),
        ] = None,
    ) -> Response:
        if at is not None and (at.tzinfo is None or not EARLIEST <= at <= FARTHEST):
            raise bad("at", "is no instant such as 2026-05-08T15:00:00Z", str(at))

        def render(moment: Moment) -> Digest:
            if at is None:
                made = make(site.reports, kind, team, moment.now)
            else:
                made = make_at(site.reports, kind, team, at, moment.now)
            fields = record(made, str(request.base_url))
            return Digest.model_validate(fields | {"as_of": site.reports.as_of(team)})

        return site.answers.json(request, render, team=team, ages=True)

    return router
