"""A quarter that will hardly be done by its end, or whose chance fell within a week."""

from telemetry.alerts.readings import Answer, Reading, Subject, Unable, always
from telemetry.report.alerts.watched import WatchedQuarter, WatchedTeam
from telemetry.settings.alerting import AlertSettings
from telemetry.words.alerts import quarters as words

EVEN = 50  # percent: a fall that ends above it came true no more often than chance alone


def look(team: WatchedTeam, entry: AlertSettings) -> Answer:
    """The working days by which it is late, and by how much its chance fell in five of them."""
    quarter = team.quarter
    if quarter is None:
        return Unable("No epic with estimated work has the label of the running quarter.")
    if quarter.late_days is None and quarter.chance_percent is None:
        return Unable("Nothing was done lately, so there is no velocity and no forecast.")
    limit, fall = entry.threshold("threshold_days"), entry.threshold("threshold_percent")
    late = max(quarter.late_days or 0.0, 0.0)
    fell = _fell(quarter)
    has_fallen = fell >= fall and (quarter.chance_percent or 0.0) < EVEN
    return (
        Reading(
            subject=Subject("quarter", quarter.name, quarter.name),
            value=late,
            threshold=limit,
            is_true=late > limit or has_fallen,
            say=always(words.at_risk(quarter, team.today, fell if has_fallen else None)),
            issue_ids=tuple(one.id for one in quarter.furthest),
            is_of_now=True,
            holds_on=fell > 0 and (quarter.chance_percent or 0.0) < EVEN,
        ),
    )


def _fell(quarter: WatchedQuarter) -> float:
    now, before = quarter.chance_percent, quarter.chance_before_percent
    return 0.0 if now is None or before is None else before - now
