"""The route of the API that tells what alerts were worth."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from telemetry.alerts.record import RuleRecord, TeamRecord
from web.api.files import AS_FILES, FileFormat, by_content, listed
from web.api.models import PROBLEMS, Model, Paged
from web.api.parameters import Cursor, place
from web.http.answers import JSON
from web.http.days import bad
from web.http.records import Records, Rule, Threshold
from web.http.site import Site

MOST_TEAMS = 20  # whose year is replayed for one answer


class RecordFigures(Model):
    threshold: Annotated[float, Field(description="Percent, or days for `impediment_open`")]
    spoken_count: Annotated[int, Field(description="How often it would have opened")]
    told_count: Annotated[int, Field(description="With what it would have said later")]
    spoken_a_week: float
    judged_count: Annotated[int, Field(description="Of which it is known how they ended")]
    came_true_count: int
    came_true_percent: float | None
    chance_percent: Annotated[
        float | None, Field(description="Of all sprints, or impediments, the share that ended so")
    ]
    lead_working_days: Annotated[
        float | None, Field(description="The median from what came true to its end")
    ]


class TeamRuleRecord(RecordFigures):
    team: str
    rule: str
    is_on: bool
    tried: Annotated[
        RecordFigures | None, Field(description="The same with the threshold asked for")
    ] = None


class TeamRuleRecords(Paged):
    items: list[TeamRuleRecord]


def record_routes(site: Site, records: Records) -> APIRouter:
    """`/alerts/record`."""
    router = APIRouter(prefix="/api/v1/alerts", responses=PROBLEMS)

    @router.get(
        "/record",
        response_model=TeamRuleRecords,
        summary="How often alerts of the past year would have come true, beside chance",
        responses=AS_FILES,
    )
    def record(
        request: Request,
        team: Annotated[str | None, Query(max_length=64, description="Only this team's")] = None,
        rule: Rule = None,
        threshold: Threshold = None,
        limit: Annotated[
            int, Query(ge=1, le=MOST_TEAMS, description="How many teams at most")
        ] = MOST_TEAMS,
        cursor: Cursor = None,
        format: FileFormat = "json",  # noqa: A002 - the name in the address
    ) -> Response:
        if threshold is not None and rule is None:
            raise bad("threshold", "is of one rule: name it with `rule`", threshold)
        first, now = place(cursor), site.clock()
        keys = [key for key, _ in site.team_names()] if team is None else [team]
        items = [
            _row(one)
            for key in keys[first : first + limit]
            for one in records.of_team(key, rule, threshold, now)
        ]
        if format != "json":
            rows = [listed("record", TeamRuleRecord, items)]
            return by_content(site, request, "alerts-record", format, rows)
        following = str(first + limit) if len(keys) > first + limit else None
        answer = TeamRuleRecords(as_of=site.reports.as_of(team), items=items, next_cursor=following)
        return site.answers.by_content(request, answer.model_dump_json().encode(), JSON)

    return router


def _row(one: TeamRecord) -> TeamRuleRecord:
    return TeamRuleRecord(
        team=one.team_key,
        rule=one.known.rule,
        is_on=one.is_on,
        tried=None if one.tried is None else RecordFigures(**_figures(one.tried)),
        **_figures(one.known),
    )


def _figures(one: RuleRecord) -> dict[str, float | None]:
    return {
        "threshold": one.threshold,
        "spoken_count": one.spoken,
        "told_count": one.told,
        "spoken_a_week": one.a_week,
        "judged_count": one.judged,
        "came_true_count": one.came_true,
        "came_true_percent": one.came_true_percent,
        "chance_percent": one.chance_percent,
        "lead_working_days": one.lead_days,
    }
