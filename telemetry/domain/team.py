"""A team's rules as the calculations need them: configuration made definite by discovery."""

from dataclasses import dataclass
from enum import StrEnum

from telemetry.domain.calendar import Calendar


class EstimateKind(StrEnum):
    FIELD = "field"
    ISSUE_COUNT = "issue_count"
    ORIGINAL_ESTIMATE = "original_estimate"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a point is for a team; `field_id` only for kind FIELD.

    ORIGINAL_ESTIMATE reads `timeoriginalestimate` (seconds) and counts in hours.
    """

    kind: EstimateKind
    field_id: str | None = None


@dataclass(frozen=True, slots=True)
class ImpedimentRules:
    """What makes an issue an impediment, and where its nature stands.

    `labels` are lower case. `nature_from` is what natures fall back on before `unknown`:
    "component", "type" or None.
    """

    labels: frozenset[str] = frozenset({"impediment"})
    is_flagged_counted: bool = False
    nature_field_id: str | None = None
    nature_from: str | None = None


@dataclass(frozen=True, slots=True)
class TeamRules:
    """One team, definite: every figure of it is computed with these and history alone."""

    key: str
    name: str
    site: str
    project_key: str
    is_narrowed: bool
    board_ids: tuple[int, ...]
    has_sprints: bool
    calendar: Calendar
    estimate: Estimate
    done_status_ids: frozenset[str]
    in_progress_status_ids: frozenset[str]
    impediment: ImpedimentRules
    velocity_sprints: int = 6
    security_coefficient: float | None = None  # None: by what is lost in the quarter


_UNITS = {
    EstimateKind.FIELD: "point",
    EstimateKind.ISSUE_COUNT: "issue",
    EstimateKind.ORIGINAL_ESTIMATE: "hour",
}


def unit_of(rules: TeamRules) -> str:
    """`point`, or `issue` or `hour` for a team that estimates by these."""
    return _UNITS[rules.estimate.kind]
