"""The answers of the API about one sprint."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

from pydantic import Field, create_model

from telemetry.metrics.estimates import SprintEstimates
from telemetry.metrics.figures import SprintFigures
from telemetry.metrics.registered.forecasts import FORECASTS
from telemetry.metrics.registered.gap import GAP
from telemetry.metrics.registered.sprint import SPRINT
from telemetry.metrics.registry import by_key
from telemetry.report.shapes.sprints import SprintSummary
from web.api.models import (
    Answer,
    Impeded,
    ImpedimentsUnknown,
    Instant,
    Model,
    Paged,
    Points,
    Seconds,
)
from web.api.worth import ChanceCalibration, PromiseCalibration, chances, promises


def _meaning(key: str) -> Any:
    return Field(description=by_key()[key].meaning)


class TimeSplit(Model):
    planned_seconds: Annotated[int, _meaning("planned_seconds")]
    impediment_seconds: Annotated[int | None, _meaning("impediment_seconds")]
    off_plan_seconds: Annotated[int, _meaning("off_plan_seconds")]
    impediment_share_percent: Annotated[float | None, _meaning("impediment_share_percent")]


class Nature(Model):
    nature: str
    count: int
    seconds: Seconds


class Impediments(Model):
    count: Annotated[int | None, _meaning("count")]
    opened_count: Annotated[int | None, _meaning("opened_count")]
    closed_count: Annotated[int | None, _meaning("closed_count")]
    open_count: Annotated[int | None, _meaning("open_count")]
    seconds: Impeded
    median_hours_to_close: Annotated[float | None, _meaning("median_hours_to_close")]
    by_nature: list[Nature]


class GapPart(Model):
    cause: Annotated[
        str,
        Field(
            description="removed, unfinished, reestimated, completed_beyond; in a running sprint "
            "not_due and behind; estimated: impediments, off_plan, rest"
        ),
    ]
    points: float
    is_exact: bool


class SprintDates(Model):
    id: int
    name: str
    state: Literal["future", "active", "closed"]
    goal: str
    started_at: Instant | None
    planned_end_at: Instant | None
    completed_at: Instant | None


def _figures() -> dict[str, Any]:
    """The keys that are fields of a sprint's figures, or of its estimates, as the registry has."""
    kinds = get_type_hints(SprintFigures) | get_type_hints(SprintEstimates)
    return {
        key: (kinds[key] | None, Field(description=figure.meaning))
        for figure in (*SPRINT, *FORECASTS, *GAP)
        for key in figure.keys
        if key in kinds and key != "gap"  # which has parts of both
    }


if TYPE_CHECKING:
    _WithFigures = SprintDates
else:
    _WithFigures = create_model("SprintFigures", __base__=SprintDates, **_figures())


class Sprint(_WithFigures):
    projected_finish_on: Annotated[
        date | None, Field(description="The day by which the rest is done with 50 percent")
    ]
    projected_finish_dates: Annotated[
        dict[str, date | None] | None,
        Field(description='Dates by chance: "50", "85", "95"; null where nothing is forecast'),
    ]
    projected_finish_calibration: Annotated[
        dict[str, PromiseCalibration] | None,
        Field(
            description='What such dates were worth in the past year, by chance: "50", "85", '
            '"95"; null where nothing is forecast'
        ),
    ]
    finish_in_time_percent: Annotated[float | None, _meaning("finish_in_time_percent")]
    finish_in_time_calibration: Annotated[
        ChanceCalibration | None, Field(description="What such chances were worth")
    ]
    done_by_planned_end: Annotated[
        dict[str, float] | None,
        Field(description='Points by chance: "50", "85"; null where nothing is forecast'),
    ]
    done_by_planned_end_calibration: Annotated[
        dict[str, PromiseCalibration] | None,
        Field(description='How often such amounts were reached, by chance: "50", "85"'),
    ]
    time: TimeSplit | None
    impediments: Impediments | None
    gap: list[GapPart]
    impediments_unknown: ImpedimentsUnknown


class OneSprint(Answer, Sprint):
    """A sprint as an answer of its own."""


class BurndownDay(Model):
    day: date
    remaining_points: float
    ideal_points: Points
    scope_points: float
    done_points: float
    added_points: float
    removed_points: float
    reestimated_points: float
    burned_points: float
    reopened_points: float
    remaining_without_impediments_points: Annotated[
        float | None,
        Field(description="Estimate: what would be left without the time lost so far"),
    ]


class BurndownEvent(Model):
    at: Instant
    issue_key: str
    kind: Literal["added", "removed", "reestimated", "burned", "reopened"]
    points: Annotated[float, Field(description="Signed change of what remains")]


class Burndown(Answer):
    days: list[BurndownDay]
    events: list[BurndownEvent]


class SprintIssue(Model):
    key: str
    summary: str | None
    url: str
    type: str
    status: str
    points: Points
    outcome: Literal["completed_elsewhere", "removed", "completed", "not_completed"]
    is_added: bool
    is_impediment: bool
    seconds: Seconds


class SprintIssues(Paged):
    items: list[SprintIssue]


def sprint_fields(sprint: SprintSummary) -> dict[str, object]:
    """The sprint object's keys and values."""
    figures, values = sprint.figures, (sprint, sprint.figures, sprint.estimates)
    fields = {
        name: next((getattr(one, name) for one in values if hasattr(one, name)), None)
        for name in Sprint.model_fields
    }
    if figures is not None:
        dates = {
            "50": figures.projected_50_on,
            "85": figures.projected_85_on,
            "95": figures.projected_95_on,
        }
        fields["projected_finish_on"] = figures.projected_50_on
        fields["projected_finish_dates"] = dates if any(dates.values()) else None
        amounts = {"50": figures.done_by_end_50_points, "85": figures.done_by_end_85_points}
        fields["done_by_planned_end"] = None if None in amounts.values() else amounts
    worth = sprint.outlook.worth if sprint.outlook else None
    if worth is not None:
        corrected, alone = worth.corrected, worth.simulated
        fields["projected_finish_calibration"] = promises(corrected.dates, alone.dates)
        fields["done_by_planned_end_calibration"] = promises(corrected.amounts, alone.amounts)
        fields["finish_in_time_calibration"] = chances(worth)
    return fields
