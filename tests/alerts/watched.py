"""Teams as alert rules look at them: builders that show only what matters."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from telemetry.alerts.life import Look, Open, Renewed, Resolved, steps
from telemetry.alerts.memory import Memory
from telemetry.alerts.rules.every import OF_TEAMS
from telemetry.domain.calendar import Calendar, days_between
from telemetry.metrics.figures import TimeSplit
from telemetry.report.alerts.watched import Outlook, WatchedIssue, WatchedSprint, WatchedTeam
from telemetry.report.shapes.burndown import BurndownDay
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.shapes.time import TimeRow
from telemetry.settings.alerting import AlertSettings
from tests.web.invented import RUNNING, changed

CALENDAR = Calendar(timezone="Europe/Paris")
START, END = date(2026, 3, 2), date(2026, 3, 13)  # a Monday, and the Friday after next
HOUR = 3600


def at(day: int, hour: float = 9.0) -> datetime:
    """An instant of March 2026, in UTC."""
    return datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=day - 1, hours=hour)


def a_summary(**values) -> SprintSummary:
    """Sprint 7, from Monday 2 March to Friday 13 March: 40 points, all committed."""
    given: dict[str, Any] = {
        "id": 7,
        "name": "Sprint 7",
        "state": "active",
        "started_at": at(2, 8),
        "planned_end_at": at(13, 17),
        "completed_at": None,
        "as_of": at(5),
        "committed_points": 40.0,
        "total_points": 40.0,
        "done_points": 4.0,
        "remaining_points": 36.0,
        "expected_remaining_points": 28.0,
        "behind_points": 8.0,
        "added_points": 0.0,
        "removed_points": 0.0,
        "reestimated_points": 0.0,
        "unestimated_count": 0,
        "carried_over_points": 0.0,
        "completed_points": 4.0,
        "time": TimeSplit(50 * HOUR, 0, 0),
        "projected_85_on": date(2026, 3, 18),
    } | values
    return changed(RUNNING, **given)


def a_day(day: date, share_behind: float) -> BurndownDay:
    """A day at whose end a share of 40 points is behind, in percent."""
    behind = 40 * share_behind / 100
    return BurndownDay(day, 20 + behind, 20.0, 40.0, 20 - behind, 0, 0, 0, 0, 0)


def a_sprint(shares=(), outlook=None, gone=0.5, costly=(), usual=None, **values) -> WatchedSprint:
    """A running sprint; `shares` are how far it was behind at the ends of its days, in percent."""
    days = [a_day(START + timedelta(days=n), share) for n, share in enumerate(shares)]
    return WatchedSprint(
        a_summary(**values),
        tuple(days),
        gone,
        None if outlook is None else Outlook(*outlook),
        usual,
        tuple(costly),
    )


def time_rows(last: date, hours: list[tuple[float, float, float]]) -> tuple[TimeRow, ...]:
    """A row a day up to the last: hours planned, on impediments, off-plan on working days."""
    rows, left = [], list(hours)
    for day in reversed(days_between(last - timedelta(days=150), last)):
        spent = left.pop() if CALENDAR.is_working_day(day) and left else (0, 0, 0)
        rows.append(TimeRow(day, TimeSplit(*(round(one * HOUR) for one in spent)), {}))
        if not left:
            break
    return tuple(reversed(rows))


def a_team(now=None, **values) -> WatchedTeam:
    """A team that is looked at on Thursday 5 March."""
    given: dict[str, Any] = {
        "key": "k8s",
        "name": "Managed Kubernetes",
        "site": "default",
        "calendar": CALENDAR,
        "has_sprints": True,
        "as_of": now or at(5),
        "now": now or at(5),
    } | values
    return WatchedTeam(**given)


def an_issue(number=1, age=3.0, **values) -> WatchedIssue:
    key = f"K8S-{number}"
    return WatchedIssue(number, key, f"https://jira.example.com/browse/{key}", age, **values)


def answer(rule: str, team: WatchedTeam, **entry):
    return OF_TEAMS[rule](team, AlertSettings(rule=rule, **entry))


class Course:
    """A rule's alerts of one team from look to look, as they would be stored."""

    def __init__(self, rule: str, is_new: bool = False, **entry) -> None:
        self.rule, self.entry = rule, entry
        self.memory = Memory(is_new=is_new)
        self.open: dict[str, Open] = {}
        self.told: list[str] = []

    def look(self, team: WatchedTeam) -> list[str]:
        """What happens at this look: opened, silent, worsened or resolved."""
        lasting = frozenset(str(one.summary.id) for one in team.running)
        found = answer(self.rule, team, **self.entry)
        look = Look(team.calendar, team.today, self.memory, self.open, lasting)
        changes, self.memory = steps(found, look)
        said = []
        for change in changes:
            match change:
                case Resolved(alert, because):
                    said.append(f"resolved {because}")
                    del self.open[alert.subject_id]
                case Renewed(alert, _, _, is_worsened):
                    if is_worsened:
                        said.append("worsened")
                        key = alert.subject_id
                        self.open[key] = Open(1, key, alert.opened_at, alert.opened_value, True)
                case _:
                    reading = change.reading
                    said.append("silent" if change.is_silent else "opened")
                    key = reading.subject.id
                    if not reading.is_event:
                        self.open[key] = Open(1, key, team.now, reading.value, False)
        self.told += said
        return said
