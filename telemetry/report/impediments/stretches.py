"""The stretches of time that the report looks at, and the figures of each."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from statistics import median

from telemetry.errors import SprintNotStarted
from telemetry.metrics.impediment import impediment_figures
from telemetry.metrics.open_time import OpenSpan, open_days, open_each_day
from telemetry.report.impediments.reading import Found
from telemetry.report.impediments.shapes import Stretch
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.shapes.time import NatureTime
from telemetry.report.sprint.time import ages_in_working_days
from telemetry.report.teams.team import StoredTeam

WITHOUT_SPRINTS = timedelta(days=28)  # stands for a sprint where a team has none
_UNKNOWN = (*(None,) * 7, ())  # the figures of a stretch where nobody can tell impediments
Named = tuple[str, datetime, datetime]


def stretches_of(
    team: StoredTeam, sprint: SprintSummary | None, earlier: Sequence[SprintSummary], over: int
) -> list[Named]:
    """Label, start and end of each sprint, oldest first; else of the weeks before and the last."""
    if sprint is not None:
        every = [*reversed(earlier), sprint]
        return [(one.name, *window_of(one)) for one in every]
    end = team.as_of
    if end is None:
        raise ValueError("a team that was never pulled has no stretch of time")
    calendar = team.rules.calendar
    start = calendar.day_start(calendar.day_of(end - WITHOUT_SPRINTS) + timedelta(days=1))
    first = calendar.day_start(calendar.day_of(start - over * WITHOUT_SPRINTS))
    return [(f"The {4 * over} weeks before", first, start), ("The last 4 weeks", start, end)]


def window_of(sprint: SprintSummary) -> tuple[datetime, datetime]:
    """A sprint's start and end, or how far it is known. Raises SprintNotStarted."""
    if sprint.started_at is None or sprint.window_end_at is None:
        raise SprintNotStarted(f"{sprint.name} has not started")
    return sprint.started_at, sprint.window_end_at


def joined(spans: Sequence[Named], sprint: SprintSummary | None) -> Named:
    """Stretches in a row as one, with what lies between them."""
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
