"""The block of a calendar: which days are worked."""

from typing import Annotated

from pydantic import Field

from telemetry.settings.absences import AbsenceSettings
from telemetry.settings.block import Block
from telemetry.settings.values import Country, Day, Weekday, Whole, Zone


class CalendarSettings(Block):
    """Which days are worked. What a team says itself stands over the general calendar."""

    timezone: Annotated[Zone, Field(description="in which days are counted")] = "UTC"
    holidays: Annotated[
        Country | None,
        Field(description="a country's, such as `FR`, or those of a part of it, such as `DE-BY`"),
    ] = None
    working_week: Annotated[
        tuple[Weekday, ...], Field(min_length=1, description="the days of a usual week")
    ] = ("mon", "tue", "wed", "thu", "fri")
    days_off: Annotated[
        tuple[Day, ...], Field(description="further days without work, as YYYY-MM-DD")
    ] = ()
    fiscal_year_start: Annotated[
        Whole, Field(ge=1, le=12, description="the month in which the organisation's year begins")
    ] = 1
    absences: Annotated[
        tuple[AbsenceSettings, ...],
        Field(
            max_length=10_000,
            description="days on which a part of the team is away, or `{file: PATH, of: PEOPLE}`",
        ),
    ] = ()

    def over(self, general: "CalendarSettings") -> "CalendarSettings":
        """The general calendar with what this one says itself in its place."""
        own = {name: getattr(self, name) for name in self.model_fields_set}
        return general.model_copy(update=own)
