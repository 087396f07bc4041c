"""The route of the API that tells how a team's work flowed."""

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from telemetry.export import weeks
from telemetry.export.tables import Table
from telemetry.metrics.flow import Percentiles
from telemetry.report.shapes import flow as shapes
from telemetry.report.shapes.flow import TypeFlow
from web.api import files
from web.api.files import AS_FILES, FileFormat, Which
from web.api.models import PROBLEMS, Answer, Instant, Model
from web.http.answers import Moment
from web.http.days import From, To, Type, chosen_days, last_known_day
from web.http.parameters import TeamKey
from web.http.site import Site

Days = Annotated[
    dict[str, float] | None,
    Field(
        description='Elapsed days that "50", "85" and "95" of 100 took at most; null of fewer '
        "than five"
    ),
]


class FlowType(Model):
    type: Annotated[str | None, Field(description="null: all types")]
    done_count: Annotated[int | None, Field(description="null before the first complete pull")]
    never_begun_count: Annotated[
        int | None, Field(description="Of these, never in progress: their cycle time is unknown")
    ]
    in_progress_count: int | None
    late_count: Annotated[
        int | None, Field(description="Of these, for longer than 85 of 100 took; null: unknown")
    ]
    cycle_days: Days
    lead_days: Days


class FlowWeek(Model):
    start_on: Annotated[date, Field(description="A Monday")]
    day_count: Annotated[int, Field(description="Days of the week that lie in the days asked for")]
    done_count: int


class InProgressItem(Model):
    key: str
    summary: str | None
    url: str
    type: str
    status: str
    column: Annotated[str | None, Field(description="Of the team's board; null where it has none")]
    started_at: Instant
    age_days: Annotated[float, Field(description="Elapsed days up to as_of")]
    passed: Annotated[
        int | None,
        Field(description="The highest of 50, 85, 95 whose cycle time the age has passed, or 0"),
    ]


class FlowDay(Model):
    day: date
    todo_count: int
    in_progress_count: int
    done_count: Annotated[int, Field(description="Since the first day")]


class Flow(Answer, FlowType):
    types: Annotated[list[FlowType], Field(description="Each type, those with most done first")]
    throughput: list[FlowWeek]
    in_progress: Annotated[
        list[InProgressItem], Field(description="Now, the oldest first, at most 100")
    ]
    cumulative: Annotated[list[FlowDay], Field(description="At each day's end")]


def flow_routes(site: Site) -> APIRouter:
    """Cycle and lead time, throughput, work in progress and cumulative flow."""
    router = APIRouter(prefix="/api/v1", responses=PROBLEMS)

    @router.get(
        "/teams/{team}/flow",
        response_model=Flow,
        responses=AS_FILES,
        summary="Cycle and lead time, throughput per week, age of what is in progress, "
        "cumulative flow",
        description="Items are the team's issues without sub-tasks and epics. Days are elapsed "
        "days of 24 hours, weekends included.",
    )
    def flow(
        request: Request,
        team: TeamKey,
        first: From = None,
        to: To = None,
        type_name: Type = "",
        format: FileFormat = "json",  # noqa: A002 - the name in the address
        table: Which = "",
    ) -> Response:
        def days(moment: Moment) -> tuple[date, date]:
            row = site.reports.team(team, moment.now)
            today = last_known_day(row.freshness.as_of, moment.now, ZoneInfo(row.timezone))
            return chosen_days(first, to, today)

        def tables(moment: Moment) -> tuple[Table, ...]:
            chosen = (*days(moment), type_name or None)
            return weeks.flow(site.reports.flow(team, *chosen, is_whole=True))

        if format != "json":
            return files.answer(site, request, team, "flow", format, tables, table, ages=True)

        def render(moment: Moment) -> Flow:
            return _flow(site.reports.flow(team, *days(moment), type_name or None))

        return site.answers.json(request, render, team=team, ages=True)

    return router


def _flow(found: shapes.Flow) -> Flow:
    whole = _type(found.whole).model_dump()
    return Flow(
        as_of=found.as_of,
        **(whole if found.as_of is not None else dict.fromkeys(whole)),
        types=[_type(one) for one in found.types if one.type_name is not None],
        throughput=[FlowWeek.model_validate(week) for week in found.weeks],
        in_progress=[InProgressItem.model_validate(item) for item in found.in_progress],
        cumulative=[FlowDay.model_validate(day) for day in found.days],
    )


def _type(one: TypeFlow) -> FlowType:
    return FlowType(
        type=one.type_name,
        done_count=one.done_count,
        never_begun_count=one.never_begun_count,
        in_progress_count=one.in_progress_count,
        late_count=one.late_count,
        cycle_days=_days(one.cycle_days),
        lead_days=_days(one.lead_days),
    )


def _days(known: Percentiles | None) -> dict[str, float] | None:
    if known is None:
        return None
    return {"50": known.days_50, "85": known.days_85, "95": known.days_95}
