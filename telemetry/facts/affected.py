"""Which sprints and days a change of history touches: pure."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from telemetry.domain.calendar import Calendar, days_between
from telemetry.domain.models import Sprint, SprintState
from telemetry.metrics.sprint_walk import has_window, sprint_window

RUN_DAYS = 31


@dataclass(frozen=True, slots=True)
class Window:
    """A started sprint with the time that its figures cover."""

    sprint: Sprint
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed: sprints by id, starts of work logs, spans of impediments, and a whole tail.

    `since` is the start of the earliest sprint whose own dates changed, None if none did.
    """

    sprint_ids: frozenset[int]
    instants: frozenset[datetime]
    spans: tuple[tuple[datetime, datetime], ...]
    since: datetime | None = None


def windows(sprints: Iterable[Sprint], as_of: datetime) -> dict[int, Window]:
    """The windows of the sprints that have started, by id.

    None of one that ended at or before its start, or starts only after `as_of`.
    """
    return {
        sprint.id: Window(sprint, *sprint_window(sprint, as_of))
        for sprint in sprints
        if has_window(sprint, as_of)
    }


def affected_sprints(known: Mapping[int, Window], changed: Changed) -> list[Window]:
    """The sprints to compute again: touched, running, or later than one that was re-dated."""
    instants = sorted(changed.instants)
    found = [
        window
        for window in known.values()
        if window.sprint.id in changed.sprint_ids
        or window.sprint.state is SprintState.ACTIVE
        or (changed.since is not None and window.end >= changed.since)
        or bisect_left(instants, window.start) < bisect_left(instants, window.end)
        or any(opened < window.end and closed >= window.start for opened, closed in changed.spans)
    ]
    return in_order(found)


def in_order(found: Iterable[Window]) -> list[Window]:
    """Newest first, running ones last: their forecast rests on the facts of closed ones."""
    newest = sorted(found, key=lambda window: (window.start, window.sprint.id), reverse=True)
    return sorted(newest, key=lambda window: window.sprint.state is SprintState.ACTIVE)


def affected_days(
    changed: Changed, calendar: Calendar, before: datetime | None, as_of: datetime
) -> set[date]:
    """The local days to compute again: of touched work, since a re-dated sprint, and new ones."""
    days = {calendar.day_of(at) for at in changed.instants}
    if changed.since is not None:
        days.update(calendar.days(changed.since, as_of))
    days.update(calendar.days(before or as_of, as_of))
    return days


def runs(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """The days as runs of neighbours, newest first, none longer than a month."""
    rest = sorted(days, reverse=True)
    while rest:
        last = first = rest[0]
        count = 0
        for day in rest:
            if first - day > timedelta(days=7) or (last - day).days >= RUN_DAYS:
                break
            first = day
            count += 1
        yield first, last
        rest = rest[count:]


def all_days(first_at: datetime | None, as_of: datetime, calendar: Calendar) -> set[date]:
    """Every local day from the first work to `as_of`; none without work."""
    if first_at is None or first_at > as_of:
        return set()
    return set(days_between(calendar.day_of(first_at), calendar.day_of(as_of)))
