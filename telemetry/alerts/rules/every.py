"""All rules by their names."""

from collections.abc import Callable, Mapping

from telemetry.alerts.readings import Answer
from telemetry.alerts.rules import (
    impediment_open,
    impediment_time,
    no_work_logged,
    off_plan_time,
    peak_day,
    quarter_at_risk,
    scope_grown,
    sprint_at_risk,
    sprint_behind,
    sprint_closed,
    sprint_started,
    unestimated,
    work_ageing,
)
from telemetry.report.alerts.watched import WatchedTeam
from telemetry.settings.alerting import AlertSettings

OF_TEAMS: Mapping[str, Callable[[WatchedTeam, AlertSettings], Answer]] = {
    "sprint_behind": sprint_behind.look,
    "sprint_at_risk": sprint_at_risk.look,
    "scope_grown": scope_grown.look,
    "impediment_time": impediment_time.look,
    "impediment_open": impediment_open.look,
    "peak_day": peak_day.look,
    "off_plan_time": off_plan_time.look,
    "unestimated": unestimated.look,
    "work_ageing": work_ageing.look,
    "no_work_logged": no_work_logged.look,
    "quarter_at_risk": quarter_at_risk.look,
    "sprint_started": sprint_started.look,
    "sprint_closed": sprint_closed.look,
}
