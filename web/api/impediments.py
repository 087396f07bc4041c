"""The routes of the API that tell what came instead of the plan, as a list and in sum."""

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from telemetry.export import weeks
from telemetry.export.tables import Table
from telemetry.metrics.pareto import pareto
from telemetry.report.impediments import shapes
from telemetry.report.impediments.lists import Recurring
from web.api import files
from web.api.files import AS_FILES, FileFormat, Which, listed
from web.api.models import (
    PROBLEMS,
    Answer,
    Impeded,
    ImpedimentsUnknown,
    Instant,
    Model,
    Paged,
    Percent,
    Seconds,
    SprintName,
)
from web.api.parameters import Cursor, From, Limit, To, page, sprint_key, window
from web.http.answers import Moment
from web.http.days import Day, bad, known_days, last_known_day
from web.http.parameters import TeamKey
from web.http.site import Site

FirstDay = Annotated[
    Day | None, Query(alias="from", description="First day of any; default: 89 days before `to`")
]
LastDay = Annotated[
    Day | None, Query(description="Last day of any, included; default: the day of `as_of`")
]
OpenDays = Annotated[int, Field(description="Working days open; two open on one day are two")]


class Impediment(Model):
    key: str
    summary: str | None
    url: str
    nature: str
    opened_at: Instant
    closed_at: Instant | None
    seconds: Seconds


class ImpedimentList(Paged):
    items: list[Impediment]
    impediments_unknown: ImpedimentsUnknown


class StretchNature(Model):
    nature: str
    count: Annotated[int, Field(description="Opened or worked on in this time")]
    present_count: Annotated[int, Field(description="Open at some moment of this time")]
    seconds: Seconds
    open_days: OpenDays
    share_percent: Percent
    cumulative_percent: Annotated[
        float | None, Field(description="Its share with those of all natures before it")
    ]


class Stretch(Model):
    label: str
    parts: Annotated[int, Field(description="Sprints in it, or spans of 4 weeks without sprints")]
    started_at: Instant
    ended_at: Instant
    count: int | None
    present_count: int | None
    opened_count: int | None
    closed_count: int | None
    open_count: Annotated[int | None, Field(description="Open at its end")]
    seconds: Impeded
    open_days: OpenDays | None
    median_hours_to_close: float | None
    by_nature: Annotated[
        list[StretchNature],
        Field(description="Largest share first: of seconds or, without logged time, open days"),
    ]


class Peak(Model):
    day: date
    seconds: Seconds
    natures: Annotated[list[str], Field(description="Those that took at least half of the day")]
    issue_keys: list[str]


class OpenImpediment(Impediment):
    age_working_days: int | None


class RecurringGroup(Model):
    pattern: Annotated[
        str | None,
        Field(
            description="What the summaries share; … is what varies; null where these are hidden"
        ),
    ]
    count: int
    seconds: Seconds
    open_days: OpenDays
    first_on: Annotated[date, Field(description="When the first of them was opened")]
    last_on: Annotated[date, Field(description="When the last of them was opened")]
    issues: list[OpenImpediment]


class ImpedimentReport(Answer):
    sprint: Annotated[
        SprintName | None, Field(description="null: days were asked for, or the team has none")
    ]
    logs_time: Annotated[bool, Field(description="false: no time logged, look at open days")]
    this: Annotated[Stretch | None, Field(description="null before the first pull has ended")]
    before: Annotated[
        Stretch | None, Field(description="The closed sprints, or as many days, before, together")
    ]
    peaks: Annotated[list[Peak], Field(description="The days with most impediment time")]
    open: Annotated[list[OpenImpediment], Field(description="Open at the end, oldest first")]
    recurring: list[RecurringGroup]
    impediments_unknown: ImpedimentsUnknown


def impediments_routes(site: Site) -> APIRouter:
    """`/teams/{team}/impediments`, and the report of a sprint and of the ones before it."""
    router = APIRouter(prefix="/api/v1", responses=PROBLEMS)
    _add_list(router, site)
    _add_report(router, site)
    return router


def _add_list(router: APIRouter, site: Site) -> None:
    @router.get(
        "/teams/{team}/impediments",
        response_model=ImpedimentList,
        responses=AS_FILES,
        summary="Impediments opened, closed, open or worked on in the days",
    )
    def impediments(
        request: Request,
        team: TeamKey,
        first: From = None,
        to: To = None,
        limit: Limit = 100,
        cursor: Cursor = None,
        format: FileFormat = "json",  # noqa: A002 - the name in the address
    ) -> Response:
        def tables(moment: Moment) -> list[Table]:
            days = window(site, team, first, to, moment.now)
            return [weeks.impediments(site.reports.impediments(team, *days))]

        if format != "json":
            return files.answer(site, request, team, "impediments", format, tables, ages=True)

        def render(moment: Moment) -> ImpedimentList:
            days = window(site, team, first, to, moment.now)
            rows, following = page(site.reports.impediments(team, *days), limit, cursor)
            items = [Impediment.model_validate(row) for row in rows]
            return ImpedimentList(
                as_of=site.reports.as_of(team),
                items=items,
                impediments_unknown=site.reports.impediments_unknown(team),
                next_cursor=following,
            )

        return site.answers.json(request, render, team=team, ages=True)


def _add_report(router: APIRouter, site: Site) -> None:
    @router.get(
        "/teams/{team}/impediments/report",
        response_model=ImpedimentReport,
        summary="Impediments of a sprint and of the ones before it: natures, peaks, what recurs",
        responses=AS_FILES,
    )
    def impediment_report(
        request: Request,
        team: TeamKey,
        over: Annotated[int, Query(ge=1, le=12, description="Closed sprints before it")] = 6,
        sprint: Annotated[
            str | None,
            Query(description="The sprint's id, or `current`, which is usual", max_length=20),
        ] = None,
        first: FirstDay = None,
        to: LastDay = None,
        format: FileFormat = "json",  # noqa: A002 - the name in the address
        table: Which = "",
    ) -> Response:
        if sprint is not None and (first or to):
            raise bad("sprint", "cannot be asked for together with days", sprint)

        def render(moment: Moment) -> ImpedimentReport:
            row = site.reports.team(team, moment.now)
            known_on = last_known_day(row.freshness.as_of, moment.now, ZoneInfo(row.timezone))
            days = known_days(first, to, known_on)
            if days is not None:
                return _answer(site.reports.impediments_between(team, *days), site, team)
            which = sprint_key(sprint or "current")
            return _answer(site.reports.impediment_report(team, which, over), site, team)

        if format != "json":
            made, name = (lambda moment: _tables(render(moment))), "impediments-report"
            return files.answer(site, request, team, name, format, made, table)
        return site.answers.json(request, render, team=team)


def _tables(found: ImpedimentReport) -> list[Table]:
    stretches = {"natures": found.this, "natures before": found.before}
    return [
        *(
            listed(name, StretchNature, one.by_nature if one else [])
            for name, one in stretches.items()
        ),
        listed("peaks", Peak, found.peaks),
        listed("open", OpenImpediment, found.open),
        listed("recurring", RecurringGroup, found.recurring),
    ]


def _answer(found: shapes.ImpedimentReport, site: Site, team: str) -> ImpedimentReport:
    sprint = found.sprint
    return ImpedimentReport(
        as_of=site.reports.as_of(team),
        sprint=None if sprint is None else SprintName(id=sprint.id, name=sprint.name),
        logs_time=found.logs_time,
        this=_stretch(found.this, found),
        before=_stretch(found.before, found),
        peaks=[
            Peak(
                day=peak.day,
                seconds=peak.seconds,
                natures=list(peak.natures),
                issue_keys=list(peak.issues),
            )
            for peak in found.peaks
        ],
        open=[OpenImpediment.model_validate(row) for row in found.open],
        recurring=[_group(group) for group in found.recurring],
        impediments_unknown=found.impediments_unknown,
    )


def _stretch(stretch: shapes.Stretch | None, found: shapes.ImpedimentReport) -> Stretch | None:
    if stretch is None:
        return None
    rows = {row.nature: row for row in stretch.by_nature}
    costs = {name: row.seconds if found.logs_time else row.open_days for name, row in rows.items()}
    natures = [
        StretchNature(
            nature=step.name,
            count=rows[step.name].count,
            present_count=rows[step.name].present_count,
            seconds=rows[step.name].seconds,
            open_days=rows[step.name].open_days,
            share_percent=step.share_percent,
            cumulative_percent=step.cumulative_percent,
        )
        for step in pareto(costs)
    ]
    fields = {name: getattr(stretch, name, None) for name in Stretch.model_fields}
    given = fields | {"started_at": stretch.start, "ended_at": stretch.end, "by_nature": natures}
    return Stretch.model_validate(given)


def _group(group: Recurring) -> RecurringGroup:
    return RecurringGroup(
        pattern=group.pattern,
        count=len({row.key for row in group.issues}),
        seconds=group.seconds,
        open_days=group.open_days,
        first_on=group.first_on,
        last_on=group.last_on,
        issues=[OpenImpediment.model_validate(row) for row in group.issues],
    )
