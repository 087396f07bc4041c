"""The names of kinds that stores keep and answers tell: another name would lose what is kept."""

from enum import StrEnum

import pytest

from telemetry.domain.models import Field, SprintState, Status
from telemetry.domain.team import Estimate, EstimateKind, ImpedimentRules, unit_of
from telemetry.metrics.contradictions import Contradiction
from telemetry.metrics.gap import Cause
from telemetry.metrics.kind import Kind
from telemetry.metrics.sprint_figures import Outcome
from telemetry.metrics.sprint_walk import Movement
from tests.builders import a_team

ALL = (Field, SprintState, EstimateKind, Contradiction, Cause, Kind, Outcome, Movement)


@pytest.mark.parametrize("names", ALL)
def test_a_kind_is_kept_under_its_own_name(names: type[StrEnum]) -> None:
    assert [one.value for one in names] == [one.name.lower() for one in names]


@pytest.mark.parametrize(
    ("kind", "unit"),
    [
        (EstimateKind.FIELD, "point"),
        (EstimateKind.ISSUE_COUNT, "issue"),
        (EstimateKind.ORIGINAL_ESTIMATE, "hour"),
    ],
)
def test_a_team_counts_in_what_it_estimates_by(kind: EstimateKind, unit: str) -> None:
    assert unit_of(a_team(estimate=Estimate(kind))) == unit


def test_what_a_team_does_not_configure() -> None:
    rules = ImpedimentRules()
    assert (rules.labels, rules.is_flagged_counted) == (frozenset({"impediment"}), False)
    assert a_team().velocity_sprints == 6
    assert Status("jira", "1", "To Do", "new").is_listed
    calendar = a_team().calendar
    assert (calendar.timezone, calendar.holidays, calendar.days_off) == ("UTC", None, ())
    assert calendar.working_week == ("mon", "tue", "wed", "thu", "fri")
