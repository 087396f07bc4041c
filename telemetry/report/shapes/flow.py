"""How a team's work flowed."""

from dataclasses import dataclass
from datetime import date, datetime

from telemetry.metrics.flow import FlowDay, Percentiles, Week


@dataclass(frozen=True, slots=True)
class TypeFlow:
    """The figures of one issue type, or of all where `type_name` is None.

    `late_count` are those in progress for longer than 85 of 100 took, None where that is unknown.
    """

    type_name: str | None
    done_count: int = 0
    never_begun_count: int = 0
    in_progress_count: int = 0
    late_count: int | None = None
    cycle_days: Percentiles | None = None
    lead_days: Percentiles | None = None


@dataclass(frozen=True, slots=True)
class FlowItem:
    """One item; `column` is None where no board of the team shows its status.

    `cycle_days` is None where it was never in progress, `age_days` and `passed` where it is done:
    `passed` is the highest of 50, 85, 95 whose cycle time its age has passed, 0 for none.
    """

    id: int
    key: str
    summary: str | None
    url: str
    type: str
    status: str
    column: str | None
    created_at: datetime
    started_at: datetime | None
    done_at: datetime | None
    cycle_days: float | None
    lead_days: float | None
    age_days: float | None = None
    passed: int | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """The flow of all items, or of one type, from the first day to the last.

    `types` are all items together, then each type that has some, those with most done first.
    `done` are at most 500, the newest first, `in_progress` at most 100, the oldest first.
    `as_of` is None before the first complete pull: then nothing is known.
    """

    as_of: datetime | None
    first: date
    last: date
    whole: TypeFlow
    types: tuple[TypeFlow, ...] = ()
    weeks: tuple[Week, ...] = ()
    days: tuple[FlowDay, ...] = ()
    done: tuple[FlowItem, ...] = ()
    in_progress: tuple[FlowItem, ...] = ()
