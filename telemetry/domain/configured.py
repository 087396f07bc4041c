"""What a team's configuration says, in the words of the field."""

from telemetry.domain.calendar import Calendar
from telemetry.settings import TeamSettings


def calendar_of(team: TeamSettings) -> Calendar:
    """The team's calendar: the organisation's, with what the team gives itself."""
    own = team.calendar
    return Calendar(
        timezone=own.timezone,
        working_week=own.working_week,
        holidays=own.holidays,
        days_off=own.days_off,
        fiscal_year_start=own.fiscal_year_start,
    )
