"""The route of the API that tells what a team's data in the tracker contradict."""

from collections.abc import Sequence
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from telemetry.export.tables import Table
from telemetry.metrics.contradictions import Contradiction
from web.api.files import AS_FILES, FileFormat, answer, listed
from web.api.models import PROBLEMS, Answer, Instant, Model
from web.http.answers import Moment
from web.http.parameters import TeamKey
from web.http.site import Site
from web.pages.quality import view


class Finding(Model):
    key: Annotated[str, Field(description="The issue's key, an id, or the setting")]
    title: str | None
    url: Annotated[str | None, Field(description="In Jira; null for a status")]
    value: Annotated[str, Field(description="What contradicts, in words, days as the team's")]
    at: Annotated[Instant | None, Field(description="When what contradicts happened")]
    against_at: Annotated[
        Instant | None,
        Field(description="What it contradicts: done since, planned end, start, closed"),
    ]
    seconds: Annotated[int | None, Field(description="Seconds of logged work concerned")]
    count: Annotated[
        int | None, Field(description="Work logs, changes, issues or working days concerned")
    ]


class Contradicting(Finding):
    """A row of all findings."""

    kind: Contradiction


class FindingGroup(Model):
    kind: Contradiction
    title: str
    why: Annotated[str, Field(description="Why it matters and what to do in Jira")]
    count: int
    items: list[Finding]


class Quality(Answer):
    count: Annotated[
        int | None,
        Field(description="All findings; 0 where nothing contradicts, null where nothing is known"),
    ]
    items: Annotated[list[FindingGroup], Field(description="The kinds that have findings")]


def quality_routes(site: Site) -> APIRouter:
    """What Jira's data contradict, by kind."""
    router = APIRouter(prefix="/api/v1", responses=PROBLEMS)

    @router.get(
        "/teams/{team}/quality",
        response_model=Quality,
        summary="What Jira's data contradict, by kind, with the issues and sprints",
        responses=AS_FILES,
    )
    def found(
        request: Request,
        team: TeamKey,
        format: FileFormat = "json",  # noqa: A002 - the name in the address
    ) -> Response:
        def tables(moment: Moment) -> Sequence[Table]:
            groups = render(moment).items
            rows = [
                Contradicting(kind=one.kind, **dict(row)) for one in groups for row in one.items
            ]
            return [listed("findings", Contradicting, rows)]

        def render(moment: Moment) -> Quality:
            zone = ZoneInfo(site.reports.team(team, moment.now).timezone)
            known = site.reports.quality(team)
            today = moment.now.astimezone(zone).date()
            items = [_group(group) for group in view.groups(known, zone, today)]
            count = None if known.as_of is None else known.count
            return Quality(as_of=known.as_of, count=count, items=items)

        if format != "json":
            return answer(site, request, team, "quality", format, tables, ages=True)
        return site.answers.json(request, render, team=team, ages=True)

    return router


def _group(group: view.Group) -> FindingGroup:
    return FindingGroup(
        kind=Contradiction(group.kind),
        title=group.title,
        why=group.why,
        count=len(group.lines),
        items=[_finding(line) for line in group.lines],
    )


def _finding(line: view.Line) -> Finding:
    row, one = line.row, line.row.finding
    return Finding(
        key=row.key,
        title=row.title,
        url=row.url,
        value=line.value,
        at=one.at,
        against_at=one.against_at,
        seconds=one.seconds,
        count=one.count,
    )
