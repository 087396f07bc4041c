"""Issues of a sprint, and those worked on beside it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SprintIssue:
    id: int
    key: str
    summary: str | None
    url: str
    type: str
    status: str
    state: str  # todo | in_progress | done
    points: float | None
    initial_points: float | None
    outcome: str  # completed_elsewhere | removed | completed | not_completed
    is_added: bool
    is_committed: bool
    is_carried_over: bool
    is_impediment: bool
    seconds: int


@dataclass(frozen=True, slots=True)
class OffPlanIssue:
    """An issue on which a team worked in a sprint off-plan: its time counts with sub-tasks'."""

    key: str
    summary: str | None
    url: str
    type: str
    status: str
    seconds: int
