"""All teams at once, with the figures of their running sprint and of those before it.

`reading` reads them; what is read depends on the store alone, `TeamsList.rows` adds what
moves with the clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from telemetry.domain.calendar import Calendar
from telemetry.domain.misfit import Misfit, Topic
from telemetry.report.shapes.sprints import SprintName
from telemetry.report.shapes.teams import ListedSprint, TeamRow, TeamSprint
from telemetry.report.teams.team import StoredTeam
from telemetry.store.values import milliseconds

PAST_REACHES = timedelta(days=182)


@dataclass(frozen=True, slots=True)
class PastSprint:
    """A closed sprint as the list of teams shows it."""

    impediment_share_percent: float | None
    commitment_kept_percent: float | None


@dataclass(frozen=True, slots=True)
class ListedTeam:
    """A team with its current sprint and its closed ones of half a year, newest first."""

    team: TeamRow
    past: tuple[PastSprint, ...]

    @property
    def running(self) -> TeamSprint | None:
        """The current sprint, where it runs."""
        sprint = self.team.sprint
        return sprint if sprint is not None and sprint.state == "active" else None

    @property
    def running_share_percent(self) -> float | None:
        """The share of impediments in the running sprint."""
        figures = None if self.running is None else self.running.figures
        return None if figures is None else figures.time.impediment_share_percent

    @property
    def impediment_share_percent(self) -> float | None:
        """The share of impediments in the running sprint, else in the last closed one."""
        if self.running is not None:
            return self.running_share_percent
        return self.past[0].impediment_share_percent if self.past else None

    @property
    def commitment_kept_percent(self) -> float | None:
        """What the last closed sprint kept of its commitment."""
        return self.past[0].commitment_kept_percent if self.past else None


@dataclass(frozen=True, slots=True)
class KnownTeam:
    """A team as one state of the store has it.

    `mark` holds the generation of its facts: while it is the same, only the team's freshness may
    be another. `past_rows` are those that `past` is made of; the facts of the sprint that
    is out of sight first end at `past_since` (milliseconds, as the third value of such a row).
    """

    mark: tuple[Any, ...]
    team: StoredTeam
    active: tuple[SprintName, ...]
    sprint: ListedSprint | None
    past: tuple[PastSprint, ...]
    past_rows: Sequence[tuple[Any, ...]]
    past_since: int | None


@dataclass(frozen=True, slots=True)
class TeamsList:
    """All configured teams as one state of the store has them."""

    known: Sequence[KnownTeam]
    stale_after: timedelta

    def rows(self, now: datetime) -> list[ListedTeam]:
        """The teams by name, with their freshness and working day at `now`."""
        since = milliseconds(now - PAST_REACHES)
        return [self._row(one, now, since) for one in self.known]

    def _row(self, one: KnownTeam, now: datetime, since: int) -> ListedTeam:
        rules, day, planned = one.team.rules, None, None
        if one.active and one.sprint is not None:
            day, planned = _working_days(rules.calendar, one.sprint, now)
        wrong = [found for found in one.team.misfits if found.is_wrong]
        row = TeamRow(
            key=rules.key,
            name=rules.name,
            timezone=rules.calendar.timezone,
            has_sprints=rules.has_sprints,
            freshness=one.team.freshness(now, self.stale_after),
            active_sprints=one.active,
            sprint=one.sprint,
            working_day=day,
            working_days_planned=planned,
            misfits=tuple(map(str, wrong)),
            misfit_kind=_kind_of(wrong),
        )
        past = one.past
        if one.past_since is not None and one.past_since < since:
            pairs = zip(one.past, one.past_rows, strict=True)
            past = tuple(sprint for sprint, stored in pairs if stored[2] >= since)
        return ListedTeam(row, past)


def _kind_of(misfits: Sequence[Misfit]) -> str:
    """The kind under which settings to correct are told: those that meet nothing before others."""
    topics = [one.topic for one in misfits]
    return min(topics, key=lambda one: one is not Topic.SETTING).value if topics else ""


def _working_days(
    calendar: Calendar, sprint: ListedSprint, now: datetime
) -> tuple[int | None, int | None]:
    if sprint.started_at is None:
        return None, None
    first, end = _day_of(calendar.timezone, sprint.started_at), sprint.planned_end_at
    today = calendar.day_of(min(now, sprint.window_end_at or now))
    planned = None if end is None else _count(calendar, first, _day_of(calendar.timezone, end))
    return _count(calendar, first, today), planned


@lru_cache(maxsize=8192)  # 1 µs, for each team of a list
def _day_of(timezone: str, at: datetime) -> date:
    return Calendar(timezone).day_of(at)


@lru_cache(maxsize=8192)  # 1 µs, likewise
def _count(calendar: Calendar, first: date, last: date) -> int:
    return calendar.working_days(first, last)
