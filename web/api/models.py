"""Answers of the API: keys with their units, `null` for unknown."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Instant = Annotated[
    datetime,
    AfterValidator(lambda value: value.astimezone(UTC)),
    Field(description="RFC 3339, UTC"),
]
Points = Annotated[float | None, Field(description="Points; null where unknown")]
Percent = Annotated[float | None, Field(description="0 to 100; null where unknown")]
Seconds = Annotated[int, Field(description="Seconds of logged work")]


class Model(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class Answer(Model):
    """What every answer has."""

    as_of: Annotated[
        Instant | None, Field(description="Jira's clock at the last complete pull; null before it")
    ]


class Paged(Answer):
    next_cursor: Annotated[
        str | None, Field(description="Pass as `cursor` for the next page; null at the end")
    ] = None


class SprintName(Model):
    id: int
    name: str


class Team(Model):
    key: str
    name: str
    is_stale: Annotated[bool, Field(description="Whether its data are older than they should be")]
    active_sprints: list[SprintName]


class Teams(Paged):
    items: list[Team]


class TimeSplit(Model):
    planned_seconds: Seconds
    impediment_seconds: Seconds
    off_plan_seconds: Seconds
    impediment_share_percent: Percent


class Nature(Model):
    nature: str
    count: int
    seconds: Seconds


class Impediments(Model):
    count: int
    opened_count: int
    closed_count: int
    open_count: int
    seconds: Seconds
    median_hours_to_close: float | None
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


class Calibration(Model):
    promised_percent: int
    came_true_percent: Percent
    count: Annotated[int, Field(description="Dates of past forecasts that can be judged")]


class Sprint(Model):
    id: int
    name: str
    state: Literal["future", "active", "closed"]
    goal: str
    started_at: Instant | None
    planned_end_at: Instant | None
    completed_at: Instant | None
    committed_points: Points
    added_points: Points
    removed_points: Points
    reestimated_points: Points
    burned_points: Points
    reopened_points: Points
    completed_points: Points
    remaining_points: Points
    done_points: Points
    total_points: Points
    completion_percent: Percent
    commitment_kept_percent: Percent
    carried_over_points: Points
    unestimated_count: int | None
    expected_remaining_points: Points
    behind_points: Points
    remaining_without_impediments_points: Annotated[
        float | None, Field(description="Estimate: what would be left without the time lost")
    ]
    projected_finish_on: Annotated[
        date | None, Field(description="The day by which 50 of 100 simulated runs are done")
    ]
    projected_finish_dates: Annotated[
        dict[str, date | None] | None,
        Field(description='Dates by chance: "50", "85", "95"; null where nothing is projected'),
    ]
    projected_finish_calibration: Annotated[
        dict[str, Calibration] | None,
        Field(
            description='What such dates were worth in the past year, by chance: "50", "85", '
            '"95"; null where nothing is projected'
        ),
    ]
    time: TimeSplit | None
    impediments: Impediments | None
    gap: list[GapPart]


class OneSprint(Answer, Sprint):
    """A sprint as an answer of its own."""


class Sprints(Paged):
    items: list[Sprint]


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
    summary: str
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


class TimeRow(Model):
    start_on: date
    planned_seconds: Seconds
    impediment_seconds: Seconds
    off_plan_seconds: Seconds
    natures: Annotated[dict[str, int], Field(description="Impediment seconds by nature")]


class Time(Answer):
    items: list[TimeRow]


class Impediment(Model):
    key: str
    summary: str
    url: str
    nature: str
    opened_at: Instant
    closed_at: Instant | None
    seconds: Seconds


class ImpedimentList(Paged):
    items: list[Impediment]


class VelocitySprint(Model):
    id: int
    name: str
    committed_points: float
    completed_points: float
    working_days: int
    impediment_seconds: Seconds


class Velocity(Answer):
    velocity_points_per_day: float | None
    average_completion_percent: Percent
    average_impediment_seconds: float | None
    sprints: list[VelocitySprint]


class Run(Model):
    started_at: Instant
    ended_at: Instant | None
    state: Literal["running", "done", "failed"]
    issues_changed: int
    work_logs_changed: int
    requests: int
    error: str | None
    issues_read: int | None
    issues_total: int | None
    found: dict[str, int] | None


class Runs(Paged):
    items: list[Run]


class Started(Model):
    state: Literal["started"]


class Problem(BaseModel):
    """An error, as `application/problem+json`."""

    title: str
    status: int
    detail: str
