"""Reads weeks of a team from its facts: as they stood at their ends, several at once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from statistics import median

from sqlalchemy import Connection, bindparam, func, select

from telemetry.domain.calendar import days_between
from telemetry.domain.week import Week, week_of
from telemetry.metrics.burndown import Day
from telemetry.metrics.figures import Nature, summed
from telemetry.metrics.flow import Passage, Percentiles, percentiles
from telemetry.metrics.open_time import open_each_day
from telemetry.metrics.week import WeekWork, beyond, took, week_work
from telemetry.report.flow import read_passages
from telemetry.report.impediments.lists import (
    Recurring,
    groups,
    impediment_rows,
    open_impediments,
)
from telemetry.report.impediments.reading import Found, open_spans, read_found
from telemetry.report.impediments.stretches import stretch_of
from telemetry.report.reviews.ageing import LYING_KEPT, YEAR, ageing, bare_issue
from telemetry.report.reviews.week_shapes import (
    IMPEDIMENT_COUNTS,
    WeekFigures,
    WeekKept,
    WeekSprint,
    WeekUsual,
)
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.shapes.time import OpenRow, OpenTime, TimeRow
from telemetry.report.sprint.summaries import read_summaries
from telemetry.report.sprint.time import ages_in_working_days, read_days
from telemetry.report.teams.team import StoredTeam
from telemetry.store import schema as s
from telemetry.store.sprint_days import read_sprint_days

USUAL = 12  # weeks before, of which the medians are usual


class Weeks:
    """The weeks of a team from the first to the last, read from the store at once.

    What comes after `as_of` is not known of the last one.
    """

    def __init__(
        self, connection: Connection, team: StoredTeam, first: Week, last: Week, as_of: datetime
    ) -> None:
        self._team, self._as_of = team, as_of
        self._calendar = team.rules.calendar
        self._begins = first_week(connection, team)
        since = first.back(USUAL).first_on
        start, end = self._calendar.day_start(since), self._end(last)
        self._passages: Sequence[Passage] = read_passages(connection, team, start - YEAR)
        self._days = {row.start_on: row for row in read_days(connection, team, since, last.last_on)}
        self._found = read_found(connection, team, start, end)
        self._sprints = [
            one
            for one in (read_summaries(connection, team) if team.rules.has_sprints else ())
            if one.started_at is not None
            and one.window_end_at is not None
            and one.window_end_at >= self._calendar.day_start(first.first_on)
        ]
        ids = [one.id for one in self._sprints]
        self._sprint_days = read_sprint_days(connection, team.rules, ids, Day) if ids else {}
        self.work = cache(self._work)
        self.figures = cache(self._figures)
        self.cycle = cache(self._cycle)

    def kept(self, week: Week) -> WeekKept:
        """A week with all that its review shows; items without their titles."""
        found, work = self._of(week), self.work(week)
        touched = found.touched(found.start, found.end)
        rows = impediment_rows(self._team, found, touched)
        seconds: Counter[str] = Counter()
        issues: dict[str, set[int]] = {}
        for row in rows:
            seconds[row.nature] += row.seconds
            issues.setdefault(row.nature, set()).add(row.id)
        before, unknown = list(self._before(week)), self._team.impediments_unknown
        daily = self._daily(week)
        has_time = any(row.time.all_seconds for one in (week, *before) for row in self._daily(one))
        return WeekKept(
            figures=self.figures(week),
            before=self.figures(before[0]) if before else None,
            usual=self._usual(week, before),
            daily=daily,
            natures=tuple(Nature(name, len(ids), seconds[name]) for name, ids in issues.items()),
            done=tuple(map(bare_issue, work.done)),
            in_progress=tuple(map(bare_issue, work.in_progress[:LYING_KEPT])),
            impediments=rows,
            open_impediments=open_impediments(self._team, found),
            recurring=self._recurring(week),
            sprints=tuple(self._moved(week)),
            ageing=ageing(*beyond(self.cycle(week), work.in_progress)),
            open_time=None if has_time or unknown else self._open_time(week),
            has_time=has_time,
            impediments_unknown=unknown,
        )

    def _before(self, week: Week) -> Iterable[Week]:
        """Up to twelve weeks before it in which the team was there, the newest first."""
        begins = self._begins
        every = (week.back(n) for n in range(1, USUAL + 1))
        return (one for one in every if begins is not None and one >= begins)

    def _start(self, week: Week) -> datetime:
        return self._calendar.day_start(week.first_on)

    def _end(self, week: Week) -> datetime:
        """The end of the week, or of what is known of it."""
        start = self._start(week)
        return max(start, min(self._calendar.day_end(week.last_on), self._as_of))

    def _work(self, week: Week) -> WeekWork:
        return week_work(self._passages, self._start(week), self._end(week))

    def _daily(self, week: Week) -> tuple[TimeRow, ...]:
        return tuple(self._days[day] for day in days_between(week.first_on, week.last_on))

    def _figures(self, week: Week) -> WeekFigures:
        work, found = self.work(week), self._of(week)
        start, end = found.start, found.end
        spans = found.spans
        counts: dict[str, int | None] = dict.fromkeys(IMPEDIMENT_COUNTS)
        if self._team.impediments_unknown is None:
            touched = {one.span.issue_id for one in found.touched(start, end)}
            counts = {
                "impediment_count": len(touched),
                "opened_count": sum(start <= span.opened_at < end for span in spans),
                "closed_count": sum(span.closed_in(start, end) is not None for span in spans),
                "open_count": sum(span.is_open(end, end) for span in spans),
            }
        return WeekFigures(
            done_count=len(work.done),
            done_points=work.done_points,
            cycle_days=work.cycle_days,
            came_count=work.came_count,
            begun_count=work.begun_count,
            reopened_count=work.reopened_count,
            in_progress_count=len(work.in_progress),
            time=summed(row.time for row in self._daily(week)),
            **counts,
        )

    def _usual(self, week: Week, before: Sequence[Week]) -> WeekUsual:
        figures = [self.figures(one) for one in before]
        return WeekUsual(
            weeks=len(before),
            done_count=_median(one.done_count for one in figures),
            impediment_seconds=_median(
                one.time.impediment_seconds
                for one in figures
                if one.time.impediment_seconds is not None
            ),
            cycle=self.cycle(week),
            days_to_close=self._days_to_close(before),
            natures=_natures(row for one in before for row in self._daily(one)),
        )

    def _cycle(self, week: Week) -> Percentiles | None:
        """What items took that were done in the year before the week, or in it."""
        return percentiles(took(self._passages, self._start(week) - YEAR, self._end(week)))

    def _days_to_close(self, before: Sequence[Week]) -> float | None:
        """The median of the working days that those closed in these weeks were open."""
        if not before:
            return None
        start, end = self._start(before[-1]), self._end(before[0])
        closed = [
            (span.opened_at, at)
            for span in self._found.spans
            if (at := span.closed_in(start, end)) is not None
        ]
        return _median(ages_in_working_days(self._calendar, closed))

    def _of(self, week: Week, weeks: int = 0) -> Found:
        """What the week has of impediments, or it and so many before."""
        start, end = self._start(week.back(weeks)), self._end(week)
        lost = [one for one in self._found.lost if start <= one.started_at < end]
        worked = {(one.issue_id, one.ordinal) for one in lost}
        titled = [
            one
            for one in self._found.titled
            if one.span.is_open(start, end) or (one.span.issue_id, one.span.ordinal) in worked
        ]
        return replace(self._found, start=start, end=end, titled=titled, lost=lost)

    def _recurring(self, week: Week) -> tuple[Recurring, ...]:
        """What came back in the week, with those of the twelve before it."""
        now = self._of(week)
        ids = {one.span.issue_id for one in now.touched(now.start, now.end)}
        if not ids:
            return ()
        found = self._of(week, USUAL)
        lasting = open_spans(self._team, found.spans, found.end)
        made = groups(self._team, found, lasting, self._worked(week.back(USUAL), week))
        return tuple(one for one in made if any(row.id in ids for row in one.issues))

    def _worked(self, first: Week, last: Week) -> list[date]:
        days = days_between(first.first_on, last.last_on)
        return [day for day in days if self._calendar.is_working_day(day)]

    def _open_time(self, week: Week) -> OpenTime:
        found = self._of(week)
        lasting = open_spans(self._team, found.spans, found.end)
        days = days_between(week.first_on, week.last_on)
        whole = stretch_of(self._team, found, lasting, ("", found.start, found.end), 1, days)
        each_day = open_each_day(lasting, self._worked(week, week))
        daily = (OpenRow(row.start_on, each_day.get(row.start_on, {})) for row in self._daily(week))
        present = [one for one in found.titled if one.span.is_open(found.start, found.end)]
        rows = impediment_rows(self._team, found, present)
        return OpenTime(whole.present_count or 0, whole.by_nature, tuple(daily), rows)

    def _moved(self, week: Week) -> Iterable[WeekSprint]:
        """The sprints that ran in the week, the one begun first first."""
        for one in reversed(self._sprints):
            days = [
                row
                for row in self._sprint_days.get(one.id, ())
                if week.first_on <= row.day <= week.last_on
            ]
            if days:
                yield _moved(one, days)


def _moved(sprint: SprintSummary, days: Sequence[Day]) -> WeekSprint:
    def total(name: str) -> float:
        return float(sum(getattr(row, name) for row in days))

    left = days[-1].remaining_points
    names = ("added", "removed", "reestimated", "burned", "reopened")
    added, removed, reestimated, burned, reopened = (total(f"{name}_points") for name in names)
    before = left - added + removed - reestimated + burned - reopened
    return WeekSprint(
        sprint.id, sprint.name, before, added, removed, reestimated, burned, reopened, left
    )


_OLDEST = tuple(
    select(func.min(oldest)).where(oldest.table.c.team_key == bindparam("key"))
    for oldest in (s.flow_issues.c.created_at, s.impediments.c.opened_at, s.team_days.c.day)
)


def first_week(connection: Connection, team: StoredTeam) -> Week | None:
    """The week of the oldest that is known of the team; None where nothing is."""
    key, day_of = team.rules.key, team.rules.calendar.day_of
    created, opened, worked = (connection.scalar(one, {"key": key}) for one in _OLDEST)
    days = [day_of(at) for at in (created, opened) if at is not None]
    days += [worked] if worked is not None else []
    return week_of(min(days)) if days else None


def _median(values: Iterable[float]) -> float | None:
    known = list(values)
    return float(median(known)) if known else None


def _natures(rows: Iterable[TimeRow]) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in rows:
        for name, seconds in row.natures.items():
            found[name] = found.get(name, 0.0) + seconds
    return found
