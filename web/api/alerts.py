"""The routes of the API about alerts and mutes."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Query, Request
from pydantic import AwareDatetime, Field
from starlette.responses import JSONResponse, Response

from telemetry.errors import NotFound
from telemetry.settings.alerting import RULES
from telemetry.store.mutes import Mute
from telemetry.words.alerts.listed import record
from web.api.files import AS_FILES, FileFormat, by_content, listed
from web.api.models import PROBLEMS, Instant, Model, Paged, Problem, Written
from web.api.parameters import Cursor, Limit, place
from web.http.answers import JSON, problem
from web.http.days import bad
from web.http.mutes import Mutes
from web.http.site import Site

MOST = 10_000  # of a file
LONGEST = timedelta(days=366)
RULE = f"^({'|'.join(RULES)})$"


class AlertSubject(Model):
    kind: str
    id: str
    name: str


class AlertDelivery(Model):
    channel: str
    kind: Literal["opened", "worsened", "resolved"]
    state: Literal["waiting", "sent", "failed", "given_up", "dropped"]
    attempts: int
    first_at: Instant | None
    sent_at: Instant | None
    error: str | None


class Alert(Model):
    id: int
    rule: str
    team: str | None
    subject: AlertSubject
    severity: Literal["note", "watch", "bad"]
    state: Literal["open", "resolved"]
    opened_at: Instant
    worsened_at: Instant | None
    resolved_at: Instant | None
    resolved_because: str | None
    is_silent: bool
    value: float
    threshold: float
    sentence: str
    url: str
    deliveries: list[AlertDelivery]


class Alerts(Paged):
    items: list[Alert]


class MuteRow(Model):
    id: int
    team: str
    rule: str | None
    until: Instant
    made_at: Instant
    made_by: str


class MuteRows(Paged):
    items: list[MuteRow]


class MuteEnded(Model):
    state: Literal["ended"]


class NewMute(Model):
    team: Annotated[Written, Field(max_length=64, description="A team's key")]
    rule: Annotated[str | None, Field(pattern=RULE, description="Only this rule; null: all")] = None
    until: Annotated[AwareDatetime, Field(description="When it ends, within a year")]
    by: Annotated[Written, Field(min_length=1, max_length=80, description="Who says so")] = "API"


def alerts_routes(site: Site, mutes: Mutes | None) -> APIRouter:
    """`/alerts` and `/alerts/mutes`."""
    router = APIRouter(prefix="/api/v1/alerts", responses=PROBLEMS)

    @router.get(
        "",
        response_model=Alerts,
        summary="Alerts, those opened last first",
        responses=AS_FILES,
    )
    def alerts(
        request: Request,
        state: Annotated[
            Literal["open", "resolved"] | None, Query(description="Default: both")
        ] = None,
        team: Annotated[str | None, Query(max_length=64, description="Only this team's")] = None,
        limit: Limit = 100,
        cursor: Cursor = None,
        format: FileFormat = "json",  # noqa: A002 - the name in the address
    ) -> Response:
        if format != "json":
            every = site.reports.alerts(team, state, MOST, 0)
            rows = [Alert.model_validate(record(one, site.reach.origin)) for one in every]
            return by_content(site, request, "alerts", format, [listed("alerts", Alert, rows)])
        first = place(cursor)
        found = site.reports.alerts(team, state, limit + 1, first)
        items = [Alert.model_validate(record(one, site.reach.origin)) for one in found[:limit]]
        following = str(first + limit) if len(found) > limit else None
        as_of = site.reports.as_of(team)
        answer = Alerts(as_of=as_of, items=items, next_cursor=following)
        return site.answers.by_content(request, answer.model_dump_json().encode(), JSON)

    @router.get("/mutes", response_model=MuteRows, summary="Mutes in force")
    def list_mutes(request: Request) -> Response:
        items = [_row(one) for one in site.reports.mutes(site.clock())]
        answer = MuteRows(as_of=site.reports.as_of(None), items=items)
        return site.answers.by_content(request, answer.model_dump_json().encode(), JSON)

    _add_writing(router, site, mutes)
    return router


def _add_writing(router: APIRouter, site: Site, mutes: Mutes | None) -> None:
    forbidden: dict[int | str, dict[str, Any]] = {
        403: {"model": Problem, "description": "Another site may not write here"}
    }

    @router.post(
        "/mutes",
        response_model=MuteRow,
        status_code=201,
        summary="Let nobody hear of a team's alerts for a while",
        responses=forbidden,
    )
    def mute(new: Annotated[NewMute, Body()]) -> Response:
        now = site.clock()
        if mutes is None:
            return _no_store()
        site.reports.team(new.team, now)  # raises NotFound
        check_until(new.until, now)
        number = mutes.add(new.team, new.rule, new.until, new.by)
        [made] = [one for one in site.reports.mutes(now) if one.id == number]
        return JSONResponse(_row(made).model_dump(mode="json"), 201)

    @router.delete(
        "/mutes/{mute_id}",
        response_model=MuteEnded,
        summary="End a mute before its time",
        responses=forbidden,
    )
    def end(
        mute_id: Annotated[int, Path(ge=1, lt=2**31, description="The mute's `id`")],
    ) -> Response:
        if mutes is None:
            return _no_store()
        if not mutes.end(mute_id, "API"):
            raise NotFound(f"there is no mute {mute_id} in force")
        return JSONResponse({"state": "ended"})


def _no_store() -> Response:
    return problem(503, "No store here", "This application has no store to write to.")


def check_until(until: datetime, now: datetime) -> None:
    """Raises RequestValidationError for an end that is over, or far away."""
    if not now < until <= now + LONGEST:
        raise bad("until", "is not within a year from now", until.isoformat())


def _row(one: Mute) -> MuteRow:
    return MuteRow(
        id=one.id,
        team=one.team_key,
        rule=one.rule,
        until=one.until,
        made_at=one.made_at,
        made_by=one.made_by,
    )
