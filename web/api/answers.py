"""Reports as the API's models."""

from datetime import datetime

from telemetry.report import shapes
from web.api import models


def sprint_fields(sprint: shapes.SprintSummary) -> dict[str, object]:
    """The sprint object's keys and values."""
    fields = {name: getattr(sprint, name, None) for name in models.Sprint.model_fields}
    dates = {
        "50": sprint.projected_50_on,
        "85": sprint.projected_85_on,
        "95": sprint.projected_95_on,
    }
    fields["projected_finish_on"] = sprint.projected_50_on
    fields["projected_finish_dates"] = dates if any(dates.values()) else None
    fields["projected_finish_calibration"] = {
        str(one.promised_percent): models.Calibration(
            promised_percent=one.promised_percent,
            came_true_percent=one.came_true_percent,
            count=one.count,
        )
        for one in sprint.calibration
    } or None
    return fields


def sprint(found: shapes.SprintSummary) -> models.Sprint:
    """A sprint in a list."""
    return models.Sprint.model_validate(sprint_fields(found))


def one_sprint(found: shapes.SprintSummary, as_of: datetime | None) -> models.OneSprint:
    """A sprint as an answer of its own."""
    return models.OneSprint.model_validate({**sprint_fields(found), "as_of": as_of})


def time_row(row: shapes.TimeRow) -> models.TimeRow:
    """Time of one day, week or sprint, flat."""
    return models.TimeRow(
        start_on=row.start_on,
        planned_seconds=row.time.planned_seconds,
        impediment_seconds=row.time.impediment_seconds,
        off_plan_seconds=row.time.off_plan_seconds,
        natures=dict(row.natures),
    )
