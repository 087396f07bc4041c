"""The alert rules asked again at the end of each past working day, from what was known then; pure.

They are the same rules as today's, and an alert lives as today's do.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from statistics import median

from telemetry.alerts.life import Look, Open, Opened, Renewed, Resolved, steps
from telemetry.alerts.memory import Memory
from telemetry.alerts.past_quarters import Quarters
from telemetry.alerts.rules.every import OF_TEAMS
from telemetry.domain.calendar import ONE_DAY, Calendar
from telemetry.metrics.burndown import Course
from telemetry.metrics.figures import TimeSplit
from telemetry.metrics.velocity import covered_days
from telemetry.report.alerts.past import PastSprint, PastYear
from telemetry.report.alerts.watched import Outlook, WatchedIssue, WatchedSprint, WatchedTeam
from telemetry.report.shapes.burndown import BurndownDay
from telemetry.report.shapes.time import TimeRow
from telemetry.report.sprint.summaries import closed_sprint
from telemetry.settings.alerting import AlertSettings

JUDGED = (
    "sprint_behind",
    "sprint_at_risk",
    "scope_grown",
    "impediment_time",
    "impediment_open",
    "quarter_at_risk",
)
DAYS_LOOKED_AT = timedelta(days=20)  # they hold the last five working days
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Spoke:
    """A word that a rule would have said at the end of a day: opened, worsened or resolved."""

    rule: str
    subject_id: str
    day: date
    kind: str
    value: float


def replay(past: PastYear, entries: Mapping[str, AlertSettings]) -> list[Spoke]:
    """What these rules would have said, day by day."""
    played = {name: _Played(name, entry, past.calendar) for name, entry in entries.items()}
    found: list[Spoke] = []
    for day, team in watched_days(past):
        for one in played.values():
            found += one.look(day, team)
    return found


class _Played:
    """One rule on its way through the days."""

    def __init__(self, rule: str, entry: AlertSettings, calendar: Calendar) -> None:
        self._rule, self._entry, self._calendar = rule, entry, calendar
        self._memory = Memory(is_new=False)
        self._open: dict[str, Open] = {}
        self._count = 0

    def look(self, day: date, team: WatchedTeam) -> Iterator[Spoke]:
        answer = OF_TEAMS[self._rule](team, self._entry)
        lasting = frozenset(str(one.summary.id) for one in team.running)
        look = Look(self._calendar, team.known_day, self._memory, dict(self._open), lasting)
        found, self._memory = steps(answer, look)
        for step in found:
            match step:
                case Opened(reading):
                    self._count += 1
                    subject = reading.subject.id
                    opened = Open(self._count, subject, team.now, reading.value, False)
                    self._open[subject] = opened
                    yield Spoke(self._rule, subject, day, "opened", reading.value)
                case Renewed(alert, reading, is_worsened=True):
                    self._open[alert.subject_id] = replace(alert, is_worsened=True)
                    yield Spoke(self._rule, alert.subject_id, day, "worsened", reading.value)
                case Resolved(alert):
                    del self._open[alert.subject_id]
                    value = alert.opened_value if step.reading is None else step.reading.value
                    yield Spoke(self._rule, alert.subject_id, day, "resolved", value)


def watched_days(past: PastYear) -> Iterator[tuple[date, WatchedTeam]]:
    """The team as rules look at it at the end of each working day since the past began."""
    time, usual, quarters = _Time(past), Usual(past), Quarters(past)
    day, last = past.since, past.calendar.day_of(past.as_of)
    while day < last:
        if past.calendar.is_working_day(day):
            now = past.calendar.day_end(day)
            yield (
                day,
                WatchedTeam(
                    key=past.key,
                    name=past.name,
                    site=past.site,
                    calendar=past.calendar,
                    has_sprints=past.has_sprints,
                    as_of=now,
                    now=now,
                    running=tuple(_running(past, day, now)),
                    days=time.rows(day, now),
                    usual_week_seconds=usual.week_seconds(now),
                    open_impediments=_open_impediments(past, now),
                    closing_days=usual.closing_days(now),
                    quarter=quarters.at(day, now),
                ),
            )
        day += ONE_DAY


def _running(past: PastYear, day: date, now: datetime) -> Iterator[WatchedSprint]:
    """The sprints that had begun and were not closed at the end of the day."""
    for one in past.sprints:
        start, end = one.summary.started_at, one.summary.window_end_at
        if start is None or end is None or not start < now <= end:
            continue
        watched = _sprint(past, one, day, now)
        if watched is not None:
            yield watched


def _sprint(past: PastYear, one: PastSprint, day: date, now: datetime) -> WatchedSprint | None:
    figures, start = one.summary.figures, one.summary.started_at
    days = [row for row in one.days if row.day <= day]
    if figures is None or start is None or not days:
        return None
    planned, row = one.summary.planned_end_at, days[-1]
    behind = None if row.ideal_points is None else row.remaining_points - row.ideal_points
    then = replace(
        figures,
        as_of=now,
        added_points=row.added_points,
        removed_points=row.removed_points,
        reestimated_points=row.reestimated_points,
        remaining_points=row.remaining_points,
        done_points=row.done_points,
        total_points=row.scope_points,
        expected_remaining_points=row.ideal_points,
        behind_points=behind,
    )
    gone = None if planned is None else Course(start, planned, past.calendar).gone(now)
    outlook = None if planned is None else _outlook(row, one.said.get(row.day))
    summary = replace(one.summary, state="active", completed_at=None, figures=then)
    return WatchedSprint(summary, tuple(days), gone, outlook)


def _outlook(row: BurndownDay, said: Outlook | None) -> Outlook | None:
    is_done = not row.remaining_points and row.done_points
    return Outlook(100.0, 0.0) if is_done else said


def _open_impediments(past: PastYear, now: datetime) -> tuple[WatchedIssue, ...]:
    day_of = past.calendar.day_of
    return tuple(
        WatchedIssue(
            one.span.issue_id,
            one.key,
            one.url,
            past.calendar.working_days(day_of(one.span.opened_at), day_of(now)),
            is_in_sprint=True,
        )
        for one in past.impediments
        if one.span.is_open(now, now)
    )


class _Time:
    """What was logged day by day, as it was entered up to then."""

    def __init__(self, past: PastYear) -> None:
        self._calendar, self._work, self._next = past.calendar, past.work, 0
        self._lost: dict[date, int] = {}
        self._all: dict[date, int] = {}

    def rows(self, day: date, now: datetime) -> tuple[TimeRow, ...]:
        """The last days up to this one; `now` only goes on."""
        work = self._work
        while self._next < len(work) and work[self._next].known_at < now:
            one = work[self._next]
            on = self._calendar.day_of(one.started_at)
            self._all[on] = self._all.get(on, 0) + one.seconds
            if one.is_lost:
                self._lost[on] = self._lost.get(on, 0) + one.seconds
            self._next += 1
        first = day - DAYS_LOOKED_AT
        days = (first + timedelta(days=n) for n in range(DAYS_LOOKED_AT.days + 1))
        return tuple(TimeRow(on, self._split(on), {}) for on in days)

    def _split(self, on: date) -> TimeSplit:
        lost = self._lost.get(on, 0)
        return TimeSplit(self._all.get(on, 0) - lost, lost, 0)


class Usual:
    """What was usual at an instant."""

    def __init__(self, past: PastYear) -> None:
        self._count = past.usual_count
        self._weeks = list(_weeks(past.sprints, past.calendar))
        self._closed = sorted(_closings(past))

    def week_seconds(self, now: datetime) -> float | None:
        """The median impediment time in five working days of the last sprints."""
        known = [seconds for ended, seconds in self._weeks if ended < now][-self._count :]
        return float(median(known)) if known else None

    def closing_days(self, now: datetime) -> tuple[int, ...]:
        """The working days that those closed in the year before were open."""
        since = now - YEAR
        return tuple(days for at, days in self._closed if since <= at < now)


def _weeks(sprints: Sequence[PastSprint], calendar: Calendar) -> Iterator[tuple[datetime, float]]:
    for one in sprints:
        row = closed_sprint(one.summary)
        days = 0 if row is None else covered_days([row], calendar)
        if row is not None and days and row.impediment_seconds is not None:
            yield row.ended_at, 5 * row.impediment_seconds / days


def _closings(past: PastYear) -> Iterator[tuple[datetime, int]]:
    day_of = past.calendar.day_of
    for one in past.impediments:
        for _, until in one.span.open_times():
            if until is not None:
                days = past.calendar.working_days(day_of(one.span.opened_at), day_of(until))
                yield until, days
