"""The issues of impediments: what is open, the peak days, what comes back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from telemetry.metrics.figures import summed
from telemetry.metrics.open_time import OpenSpan, open_days, open_each_day
from telemetry.metrics.peaks import Lost, PeakDay, peak_days
from telemetry.metrics.recurring import recurring
from telemetry.report.impediments.reading import Found, Titled
from telemetry.report.shapes.time import ImpedimentRow, OpenRow, TimeRow
from telemetry.report.sprint.time import ages_in_working_days
from telemetry.report.teams.team import StoredTeam


@dataclass(frozen=True, slots=True)
class Recurring:
    """Impediments that say nearly the same; `pattern` is what they share, oldest first."""

    pattern: str | None
    seconds: int
    open_days: int
    first_on: date
    last_on: date
    issues: tuple[ImpedimentRow, ...]


def open_impediments(team: StoredTeam, found: Found) -> tuple[ImpedimentRow, ...]:
    """Those still open at the end of the time, oldest first."""
    titled = [one for one in found.titled if one.span.is_open(found.end, found.end)]
    rows = impediment_rows(team, found, titled)
    return tuple(sorted(rows, key=lambda row: (row.opened_at, row.key)))


def impediment_rows(
    team: StoredTeam, found: Found, titled: Sequence[Titled]
) -> tuple[ImpedimentRow, ...]:
    """The impediments as rows, most time first, then the oldest."""
    seconds: Counter[tuple[int, int]] = Counter()
    for one in found.lost:
        seconds[one.issue_id, one.ordinal] += one.seconds
    ends = [
        max(one.span.opened_at, min(one.span.closed_at or found.end, found.end)) for one in titled
    ]
    ages = ages_in_working_days(
        team.rules.calendar,
        [(one.span.opened_at, end) for one, end in zip(titled, ends, strict=True)],
    )
    rows = [
        ImpedimentRow(
            key=one.key,
            summary=one.summary if found.are_titles_shown else None,
            url=team.issue_url(one.key),
            nature=one.span.nature,
            opened_at=one.span.opened_at,
            closed_at=one.span.closed_at,
            seconds=seconds[one.span.issue_id, one.span.ordinal],
            age_working_days=age,
            id=one.span.issue_id,
        )
        for one, age in zip(titled, ages, strict=True)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.seconds, row.opened_at, row.key)))


def peaks(team: StoredTeam, found: Found) -> tuple[PeakDay, ...]:
    """The local days with most time lost, most first."""
    known = {(one.span.issue_id, one.span.ordinal): one for one in found.titled}
    day_of = team.rules.calendar.day_of
    return peak_days(
        Lost(day_of(one.started_at), of.span.nature, of.key, one.seconds)
        for one in found.lost
        if (of := known.get((one.issue_id, one.ordinal)))
    )


def groups(
    team: StoredTeam, found: Found, lasting: Sequence[OpenSpan], worked: Sequence[date]
) -> tuple[Recurring, ...]:
    """What was opened or worked on and says nearly the same; the largest group first."""
    titled = found.touched(found.start, found.end)
    rows: dict[int, list[Titled]] = {}
    for one in titled:
        rows.setdefault(one.span.issue_id, []).append(one)
    made = []
    for group in recurring({issue_id: some[0].summary for issue_id, some in rows.items()}):
        ids = set(group.issue_ids)
        every = impediment_rows(
            team, found, [one for issue_id in group.issue_ids for one in rows[issue_id]]
        )
        every = tuple(sorted(every, key=lambda row: (row.opened_at, row.key)))
        lasted = open_each_day([span for span in lasting if span.issue_id in ids], worked)
        made.append(
            Recurring(
                pattern=group.pattern if found.are_titles_shown else None,
                seconds=sum(row.seconds for row in every),
                open_days=sum(open_days(lasted.values()).values()),
                first_on=team.rules.calendar.day_of(every[0].opened_at),
                last_on=team.rules.calendar.day_of(every[-1].opened_at),
                issues=every,
            )
        )
    return tuple(made)


def rows_by(daily: Sequence[TimeRow], by: str, sprints: Sequence[TimeRow]) -> tuple[TimeRow, ...]:
    """One row a day, week or sprint; without sprints by week instead."""
    if by == "sprint" and sprints:
        return tuple(sprints)
    return tuple(daily) if by == "day" else tuple(weeks(daily))


def weeks(daily: Sequence[TimeRow]) -> list[TimeRow]:
    """The days in weeks, each from its Monday; the first and the last may be cut."""
    by_week: dict[date, list[TimeRow]] = {}
    for row in daily:
        by_week.setdefault(monday_of(row.start_on), []).append(row)
    found = []
    for monday, rows in by_week.items():
        names = dict.fromkeys(name for row in rows for name in row.natures)
        natures = {name: sum(row.natures.get(name, 0) for row in rows) for name in names}
        found.append(TimeRow(monday, summed(row.time for row in rows), natures))
    return found


def open_rows_by(
    team: StoredTeam,
    lasting: Sequence[OpenSpan],
    open_daily: Sequence[OpenRow],
    by: str,
    sprints: Sequence[tuple[str, datetime, datetime]],
) -> tuple[OpenRow, ...]:
    """The same of the working days that impediments were open; a sprint's by its own window."""
    if by == "day":
        return tuple(open_daily)
    calendar = team.rules.calendar
    if by == "sprint" and sprints:
        found = []
        for label, start, end in sprints:
            days = [day for day in calendar.days(start, end) if calendar.is_working_day(day)]
            natures = open_days(open_each_day(lasting, days).values())
            found.append(OpenRow(calendar.day_of(start), natures, label))
        return tuple(found)
    return open_weeks(open_daily)


def open_weeks(daily: Sequence[OpenRow]) -> tuple[OpenRow, ...]:
    """The days in weeks, each from its Monday; the first and the last may be cut."""
    by_week: dict[date, list[OpenRow]] = {}
    for row in daily:
        by_week.setdefault(monday_of(row.start_on), []).append(row)
    return tuple(
        OpenRow(monday, open_days(row.natures for row in rows)) for monday, rows in by_week.items()
    )


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())
