"""The three classes of logged time."""

from enum import StrEnum


class Kind(StrEnum):
    PLANNED = "planned"
    IMPEDIMENT = "impediment"
    OFF_PLAN = "off_plan"
