"""The route of the API that tells what was known of a sprint at its start and close."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from telemetry.errors import NotFound
from telemetry.export.tables import Table
from telemetry.report.shapes.snapshots import Record, SprintRecords
from web.api import models
from web.api.files import AS_FILES, FileFormat, Which, answer, listed
from web.api.models import PROBLEMS
from web.api.parameters import SprintId, sprint_key
from web.http.answers import Moment
from web.http.parameters import TeamKey
from web.http.site import Site

Known = Annotated[float | None, Field(description="In `unit`; null where unknown")]
Differs = Annotated[float | None, Field(description="`now` less `then`; null where unknown")]


class FigurePair(models.Model):
    slug: Annotated[str, Field(description="The figure's name, as on the page of definitions")]
    nature: Annotated[
        str | None, Field(description="The nature of impediments, where the figure is of one")
    ]
    unit: str
    then: Known
    now: Known
    difference: Differs
    is_changed: bool


class IssueChange(models.Model):
    kind: Annotated[
        Literal[
            "scope",
            "outcome",
            "state",
            "initial_points",
            "points",
            "seconds",
            "is_done_before",
            "is_carried_over",
            "is_impediment",
        ],
        Field(
            description="What differs. `scope`: start, added, removed, or null where the sprint "
            "did not hold it; `initial_points` at the start, `points` at the end; `seconds` "
            "logged in the sprint"
        ),
    ]
    then: bool | float | str | None
    now: bool | float | str | None
    difference: Differs


class EditedIssue(models.Model):
    id: int
    key: Annotated[str | None, Field(description="null where the issue is no longer visible")]
    summary: str | None
    url: str | None
    changes: list[IssueChange]


class Snapshot(models.Model):
    """What was known at a start or close, beside what is known now."""

    at: Annotated[models.Instant, Field(description="The start or close, as it was known then")]
    now_at: Annotated[
        models.Instant | None, Field(description="The same now; null where the sprint runs again")
    ]
    taken_at: Annotated[
        models.Instant, Field(description="Jira's clock at the pull that wrote the record")
    ]
    has_figures_now: Annotated[
        bool, Field(description="False where Jira or the team no longer has the sprint")
    ]
    is_edited: Annotated[bool, Field(description="Whether a figure or an issue differs")]
    figures: list[FigurePair]
    issues: Annotated[list[EditedIssue], Field(description="The issues that differ")]


class Snapshots(models.Answer):
    """Both records of a sprint; each is null until its moment has come and settled."""

    id: int
    name: str | None
    start: Snapshot | None
    close: Snapshot | None


def snapshots_routes(site: Site) -> APIRouter:
    """What was known of a sprint then, beside now."""
    router = APIRouter(prefix="/api/v1", responses=PROBLEMS)
    reports = site.reports

    @router.get(
        "/teams/{team}/sprints/{sprint}/snapshots",
        response_model=Snapshots,
        summary="A sprint's figures as known at its start and close, and what differs now",
        responses=AS_FILES,
    )
    def snapshots(
        request: Request,
        team: TeamKey,
        sprint: SprintId,
        format: FileFormat = "json",  # noqa: A002 - the name in the address
        table: Which = "",
    ) -> Response:
        def tables(moment: Moment) -> Sequence[Table]:
            found = render(moment)
            return [
                made
                for name, record in (("start", found.start), ("close", found.close))
                if record
                for made in (
                    listed(name, FigurePair, record.figures),
                    listed(f"{name} issues", EditedIssue, record.issues),
                )
            ]

        def render(moment: Moment) -> Snapshots:
            return _answer(reports.snapshots(team, sprint_key(sprint)), team, reports.as_of(team))

        if format != "json":
            return answer(site, request, team, f"{sprint}-snapshots", format, tables, table)
        return site.answers.json(request, render, team=team)

    return router


def _answer(records: SprintRecords, team: str, as_of: datetime | None) -> Snapshots:
    if records.start is None and records.close is None:
        raise NotFound(
            f"nothing is kept of sprint {records.sprint_id} of team '{team}' yet: the first "
            "complete pull five minutes after its start does"
        )
    return Snapshots(
        as_of=as_of,
        id=records.sprint_id,
        name=records.sprint.name if records.sprint else None,
        start=_snapshot(records.start),
        close=_snapshot(records.close),
    )


def _snapshot(record: Record | None) -> Snapshot | None:
    return None if record is None else Snapshot.model_validate(record)
