"""The routes of the API for what teams type on their reviews."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query, Request
from pydantic import Field, field_validator
from starlette.responses import JSONResponse, Response

from telemetry.store.reviews import Notes, Written
from web.api.models import Instant, Model, Problem, unwritable
from web.http.answers import problem
from web.http.notes import MOST_BYTES, TOO_LONG, ReviewNotes, signer
from web.http.parameters import TeamKey
from web.http.reviews import ReviewId, look_up
from web.http.site import Site

Outcome = Literal["yes", "partly", "no", ""]
LONGEST_KEY = 58
MOST_TICKS = 50


class Typed(Model):
    version: Annotated[int, Field(description="To be sent with what is typed next")]
    notes: str
    goal_reached: Outcome
    ticks: dict[str, bool]
    changed_at: Instant | None


class Overtaken(Model):
    field: str
    version: int
    made_at: Instant


class Saved(Typed):
    overtaken: Annotated[
        list[Overtaken],
        Field(description="What others wrote into the same fields since `version`; it is kept"),
    ]


class NewNotes(Model):
    version: Annotated[
        int, Field(ge=0, lt=2**31, description="That of the answer from which one began to type")
    ]
    notes: Annotated[str | None, Field(description="At most 100 KB; null: as it is")] = None
    goal_reached: Annotated[Outcome | None, Field(description="null: as it is")] = None
    ticks: Annotated[
        dict[Annotated[str, Field(min_length=1, max_length=LONGEST_KEY)], bool],
        Field(
            default_factory=dict,
            max_length=MOST_TICKS,
            description="Decisions by their key; others stay",
        ),
    ]

    @field_validator("notes")
    @classmethod
    def is_text(cls, value: str | None) -> str | None:
        """Text that every store can hold."""
        if value is not None and (found := unwritable(value)):
            raise ValueError(f"holds {found}, which no text has")
        return value

    @field_validator("ticks")
    @classmethod
    def are_keys(cls, value: dict[str, bool]) -> dict[str, bool]:
        """Keys that every store can hold."""
        for key in value:
            if found := unwritable(key):
                raise ValueError(f"holds a key with {found}")
        return value


def add_notes(router: APIRouter, site: Site, notes: ReviewNotes | None) -> None:
    """`/{review}/notes` below the router of reviews."""
    refused: dict[int | str, dict[str, Any]] = {
        403: {"model": Problem, "description": "Another site may not write here"},
        413: {"model": Problem, "description": "The notes are longer than 100 KB"},
    }

    @router.get("/{review}/notes", response_model=Typed, summary="What is typed on a review")
    def typed(
        request: Request,
        team: TeamKey,
        review: ReviewId,
        version: Annotated[
            int | None, Query(ge=0, lt=2**31, description="As it was then; default: as it is")
        ] = None,
    ) -> Response:
        name = look_up(site.reports, team, review, site.clock())
        known = site.reports.notes(team, name, version)
        answer = Typed.model_validate(typed_values(known))
        return site.answers.by_content(
            request, answer.model_dump_json().encode(), "application/json"
        )

    @router.put(
        "/{review}/notes",
        response_model=Saved,
        responses=refused,
        summary="Type notes, whether the goal was reached, or ticks; what was there is kept",
    )
    def put(
        request: Request, team: TeamKey, review: ReviewId, new: Annotated[NewNotes, Body()]
    ) -> Response:
        if notes is None:
            return problem(503, "No store here", "This application has no store to write to.")
        if new.notes is not None and len(new.notes.encode()) > MOST_BYTES:
            return problem(413, "Too long", TOO_LONG)
        name = look_up(site.reports, team, review, site.clock())
        by = signer(request, site.gate)
        merged = notes.put(team, name, _fields(new), new.version, by)
        overtaken = [_overtaken(one) for one in merged.overtaken]
        saved = Saved.model_validate(typed_values(merged.notes) | {"overtaken": overtaken})
        return JSONResponse(saved.model_dump(mode="json"))


def _fields(new: NewNotes) -> dict[str, str]:
    fields = {f"tick:{key}": "yes" if value else "" for key, value in new.ticks.items()}
    if new.notes is not None:
        fields["notes"] = new.notes
    if new.goal_reached is not None:
        fields["outcome"] = new.goal_reached
    return fields


def _overtaken(one: Written) -> dict[str, object]:
    field = "goal_reached" if one.field == "outcome" else one.field
    return {"field": field, "version": one.version, "made_at": one.made_at}


def typed_values(known: Notes) -> dict[str, Any]:
    """What is typed on a review, as the API gives it."""
    names = [name.removeprefix("tick:") for name in known.fields if name.startswith("tick:")]
    changed_at: datetime | None = max((one.made_at for one in known.fields.values()), default=None)
    return {
        "version": known.version,
        "notes": known.text,
        "goal_reached": known.outcome,
        "ticks": {name: known.is_ticked(name) for name in names},
        "changed_at": changed_at,
    }
