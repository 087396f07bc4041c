"""What came instead of the plan, in a sprint and in the last N before it, and what comes back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import fmean, median

from sqlalchemy import Connection

from telemetry.errors import SprintNotStarted
from telemetry.metrics.figures import Impediments
from telemetry.metrics.impediment import impediment_figures
from telemetry.metrics.open_time import OpenSpan, open_days, open_each_day
from telemetry.metrics.peaks import PeakDay
from telemetry.report.impediments.lists import (
    Recurring,
    groups,
    impediment_rows,
    open_impediments,
    open_rows_by,
    peaks,
    rows_by,
)
from telemetry.report.impediments.reading import (
    Found,
    open_spans,
    read_found,
)
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.shapes.time import ImpedimentRow, NatureTime, OpenRow, OpenTime, TimeRow
from telemetry.report.sprint import summaries as read
from telemetry.report.sprint.time import (
    ages_in_working_days,
    read_days,
    sprint_row,
)
from telemetry.report.teams.team import StoredTeam

WITHOUT_SPRINTS = timedelta(days=28)  # stands for a sprint where a team has none
OVER = 6
_UNKNOWN = (*(None,) * 7, ())  # the figures of a stretch where nobody can tell impediments


@dataclass(frozen=True, slots=True)
class Stretch:
    """A sprint, or several in a row with what lies between; of it the impediments' figures.

    Their numbers are None where nobody can tell what is an impediment.
    """

    label: str
    parts: int  # sprints, or spans of four weeks of a team without
    start: datetime
    end: datetime
    first_on: date
    last_on: date
    count: int | None
    present_count: int | None
    opened_count: int | None
    closed_count: int | None
    open_count: int | None
    seconds: int | None
    median_hours_to_close: float | None
    by_nature: tuple[NatureTime, ...]

    @property
    def open_days(self) -> int | None:
        """The working days that impediments were open: two open on one day are two."""
        return None if self.count is None else sum(row.open_days for row in self.by_nature)


@dataclass(frozen=True, slots=True)
class ImpedimentReport:
    """`this` is None where nothing is known yet, `before` where nothing was before it.

    `found` are the impediments opened or worked on in all of the time shown, most time first;
    `open` those open at its end, oldest first. Their seconds are of all of that time. `rows` and
    `open_rows` are by day, week or sprint, `sprint_rows` by sprint whatever was
    asked for, `daily` and `open_daily` by day; all oldest first. Where days were asked for, all
    but `before` is of these days alone. `is_past` tells that more is known than its end,
    `impediments_unknown` why nobody can tell what is an impediment, if so.
    """

    sprint: SprintSummary | None
    logs_time: bool
    this: Stretch | None
    before: Stretch | None = None
    open: tuple[ImpedimentRow, ...] = ()
    found: tuple[ImpedimentRow, ...] = ()
    peaks: tuple[PeakDay, ...] = ()
    recurring: tuple[Recurring, ...] = ()
    rows: tuple[TimeRow, ...] = ()
    sprint_rows: tuple[TimeRow, ...] = ()
    open_rows: tuple[OpenRow, ...] = ()
    daily: tuple[TimeRow, ...] = ()
    open_daily: tuple[OpenRow, ...] = ()
    days_off: tuple[date, ...] = field(default=(), repr=False)
    usual_days_to_close: float | None = None  # median working days, of those closed `before`
    means: Mapping[str, float] = field(default_factory=dict)  # of the sprints' own figures before
    is_of_days: bool = False
    is_past: bool = False
    step: str = "sprint"  # what a row is of: day, week or sprint
    impediments_unknown: str | None = None

    def mean_before(self, figure: str) -> float | None:
        """A figure of a sprint, or of four weeks, before; None where nothing is known of it.

        An impediment that lasts over several sprints counts in each, as it does in `this`.
        """
        if figure in self.means:
            return self.means[figure]
        value = None if self.before is None else getattr(self.before, figure)
        return None if value is None or self.before is None else value / self.before.parts


def read_impediment_report(
    connection: Connection, team: StoredTeam, sprint_id: int | None, over: int, by: str
) -> ImpedimentReport:
    """The sprint, or without one the last four weeks, and the `over` closed ones before it.

    `by` is day, week or sprint. Raises NotFound, SprintNotStarted.
    """
    sprint = None if sprint_id is None else read.read_summary(connection, team, sprint_id)
    earlier = read.read_closed_before(connection, team, sprint, over) if sprint else []
    if sprint is not None and (sprint.started_at is None or sprint.window_end_at is None):
        raise SprintNotStarted(f"{sprint.name} has not started, so nothing came instead of it yet")
    if team.as_of is None:
        return ImpedimentReport(sprint, False, None)
    spans = _stretches(team, sprint, earlier, over)
    (_, start, _), (_, _, end) = spans[0], spans[-1]
    found = read_found(connection, team, start, end)
    calendar = team.rules.calendar
    days = calendar.days(start, end)
    worked = [day for day in days if calendar.is_working_day(day)]
    lasting = open_spans(team, found.spans, end)
    daily = read_days(connection, team, days[0], days[-1])
    each_day = open_each_day(lasting, worked)
    open_daily = tuple(OpenRow(day, each_day.get(day, {})) for day in days)
    before = None
    if sprint is None or earlier:
        # the sprints in between are one stretch: nights and weekends between them count too
        before = stretch_of(team, found, lasting, _joined(spans[:-1], sprint), len(earlier) or over)
    every = [sprint_row(team, one) for one in [*earlier[::-1], sprint] if one]
    by_sprint = tuple(row for row in every if row is not None)
    return ImpedimentReport(
        sprint=sprint,
        logs_time=any(row.time.all_seconds for row in daily),
        this=stretch_of(team, found, lasting, spans[-1], 1),
        before=before,
        open=open_impediments(team, found),
        found=impediment_rows(team, found, found.touched(start, end)),
        peaks=peaks(team, found),
        recurring=groups(team, found, lasting, worked),
        rows=rows_by(daily, by, by_sprint),
        sprint_rows=by_sprint,
        open_rows=open_rows_by(team, lasting, open_daily, by, spans if sprint else []),
        daily=daily,
        open_daily=open_daily,
        days_off=tuple(calendar.days_not_worked(days[0], days[-1])),
        usual_days_to_close=days_to_close(team, found, before),
        is_past=end < team.as_of,
        step=by if sprint or by != "sprint" else "week",
        impediments_unknown=team.impediments_unknown,
        means=_means([one.figures.impediments for one in earlier if one.figures is not None]),
    )


def read_recurring(
    connection: Connection,
    team: StoredTeam,
    sprint: SprintSummary,
    earlier: Sequence[SprintSummary],
) -> tuple[Recurring, ...]:
    """What the report of a sprint that has begun and of those before it says comes back."""
    if team.as_of is None:
        return ()
    start, end = _window(earlier[-1] if earlier else sprint)[0], _window(sprint)[1]
    found = read_found(connection, team, start, end)
    calendar = team.rules.calendar
    worked = [day for day in calendar.days(start, end) if calendar.is_working_day(day)]
    return groups(team, found, open_spans(team, found.spans, end), worked)


def _means(sprints: Sequence[Impediments]) -> dict[str, float]:
    known = [one for one in sprints if one.count is not None]
    names = ("count", "opened_count", "closed_count", "seconds") if known else ()
    return {name: fmean(getattr(one, name) for one in known) for name in names}


Named = tuple[str, datetime, datetime]


def _stretches(
    team: StoredTeam, sprint: SprintSummary | None, earlier: Sequence[SprintSummary], over: int
) -> list[Named]:
    """Label, start and end of each sprint, oldest first; else of the weeks before and the last."""
    if sprint is not None:
        every = [*reversed(earlier), sprint]
        return [(one.name, *_window(one)) for one in every]
    end = team.as_of
    if end is None:
        raise ValueError("a team that was never pulled has no stretch of time")
    calendar = team.rules.calendar
    start = calendar.day_start(calendar.day_of(end - WITHOUT_SPRINTS) + timedelta(days=1))
    first = calendar.day_start(calendar.day_of(start - over * WITHOUT_SPRINTS))
    return [(f"The {4 * over} weeks before", first, start), ("The last 4 weeks", start, end)]


def _window(sprint: SprintSummary) -> tuple[datetime, datetime]:
    if sprint.started_at is None or sprint.window_end_at is None:
        raise SprintNotStarted(f"{sprint.name} has not started")
    return sprint.started_at, sprint.window_end_at


def _joined(spans: Sequence[Named], sprint: SprintSummary | None) -> Named:
    label = spans[0][0]
    if sprint is not None and len(spans) > 1:
        label = f"The {len(spans)} sprints before"
    return label, spans[0][1], max(end for _, _, end in spans)


def stretch_of(
    team: StoredTeam,
    found: Found,
    lasting: Sequence[OpenSpan],
    named: Named,
    parts: int,
    every_day: Sequence[date] = (),
) -> Stretch:
    """The figures of a stretch of the time of `found`, which has a name, a start and an end.

    `every_day` are its days where it does not end within one.
    """
    label, start, end = named
    calendar = team.rules.calendar
    figures = impediment_figures(found.spans, found.seconds(start, end), start, end)
    every = every_day or calendar.days(start, end)
    days = [day for day in every if calendar.is_working_day(day)]
    lasted = open_days(open_each_day(lasting, days).values())
    present = Counter(
        {span.issue_id: span.nature for span in found.spans if span.is_open(start, end)}.values()
    )
    natures = {nature: (count, seconds) for nature, count, seconds in figures.by_nature}
    names = [*natures, *sorted(present.keys() - natures.keys())]
    to_close = figures.median_seconds_to_close
    if team.impediments_unknown is not None:
        return Stretch(label, parts, start, end, every[0], every[-1], *_UNKNOWN)
    return Stretch(
        label=label,
        parts=parts,
        start=start,
        end=end,
        first_on=every[0],
        last_on=every[-1],
        count=figures.count,
        present_count=present.total(),
        opened_count=figures.opened_count,
        closed_count=figures.closed_count,
        open_count=figures.open_count,
        seconds=figures.seconds,
        median_hours_to_close=None if to_close is None else to_close / 3600,
        by_nature=tuple(
            NatureTime(
                nature=name,
                count=natures.get(name, (0, 0))[0],
                present_count=present[name],
                seconds=natures.get(name, (0, 0))[1],
                open_days=lasted.get(name, 0),
            )
            for name in names
        ),
    )


def read_open_time(
    connection: Connection, team: StoredTeam, start: datetime, end: datetime
) -> OpenTime:
    """How long impediments were open in [start, end)."""
    found = read_found(connection, team, start, end)
    lasting = open_spans(team, found.spans, end)
    whole = stretch_of(team, found, lasting, ("", start, end), 1)
    days = team.rules.calendar.days(start, end)
    worked = [day for day in days if team.rules.calendar.is_working_day(day)]
    each_day = open_each_day(lasting, worked)
    daily = tuple(OpenRow(day, each_day.get(day, {})) for day in days)
    present = [one for one in found.titled if one.span.is_open(start, end)]
    return OpenTime(
        whole.present_count or 0, whole.by_nature, daily, impediment_rows(team, found, present)
    )


def days_to_close(team: StoredTeam, found: Found, before: Stretch | None) -> float | None:
    """The median age in working days of what was closed in the stretch before."""
    if before is None:
        return None
    closed = [
        (span.opened_at, at)
        for span in found.spans
        if (at := span.closed_in(before.start, before.end)) is not None
    ]
    return float(median(ages_in_working_days(team.rules.calendar, closed))) if closed else None
