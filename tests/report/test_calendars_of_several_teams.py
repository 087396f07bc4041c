"""Pages of several teams tell days and times as most teams would."""

from datetime import UTC, datetime

import pytest

from telemetry.domain.calendar import Calendar
from telemetry.report.teams.calendars import common_calendar

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
KOLKATA, PARIS = Calendar(timezone="Asia/Kolkata"), Calendar(timezone="Europe/Paris")
SEPTEMBER = Calendar(timezone="America/Lima", fiscal_year_start=9)


@pytest.mark.parametrize(
    ("calendars", "common"),
    [
        ([], Calendar()),
        ([KOLKATA], KOLKATA),
        ([KOLKATA, PARIS], KOLKATA),
        ([KOLKATA, PARIS, PARIS], PARIS),
        ([KOLKATA, SEPTEMBER, SEPTEMBER, SEPTEMBER, PARIS], SEPTEMBER),
        ([SEPTEMBER, PARIS, SEPTEMBER, KOLKATA, PARIS], PARIS),
    ],
)
def test_the_quarter_and_then_the_time_zone_of_most_teams_count(calendars, common) -> None:
    assert common_calendar(calendars, NOW) == common
