"""What teams have of a program together: its date is that of its latest team. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from telemetry.metrics.burnup import BurnupDay
from telemetry.metrics.epic_figures import EpicFigures
from telemetry.metrics.forecast import NOTHING
from telemetry.metrics.roadmap_forecast import EpicOutlook
from telemetry.metrics.standing import Amounts, exact_sum


@dataclass(frozen=True, slots=True)
class Part:
    """A team's part of a program in a quarter.

    `last` is the quarter's last day by the team's year; `outlook` is when the last of its epics is
    done, None where nothing is forecast of one that is not.
    """

    key: str
    name: str
    unit: str
    last: date
    amounts: Amounts
    outlook: EpicOutlook | None

    @property
    def is_open(self) -> bool:
        return self.amounts.remaining_points > NOTHING

    @property
    def is_late(self) -> bool:
        """Whether the day that is 85 % sure, if there is one, lies after the quarter."""
        if self.outlook is None:
            return False
        on = self.outlook.dates[1]
        return on is None or on > self.last


def last_done(
    epics: Iterable[EpicFigures], outlooks: Mapping[int, EpicOutlook]
) -> EpicOutlook | None:
    """When the last of a team's epics is done: None where one that is open has no forecast."""
    open_ = [one for one in epics if one.remaining_points > NOTHING]
    known = [outlooks[one.issue_id] for one in open_ if one.issue_id in outlooks]
    return _latest(known) if len(known) == len(open_) else None


def _latest(outlooks: Sequence[EpicOutlook]) -> EpicOutlook | None:
    """The latest day of each chance, and the least chance; None of none."""
    if not outlooks:
        return None
    first, second, third = (_last([one.dates[place] for one in outlooks]) for place in range(3))
    return EpicOutlook(
        min(one.probability_percent or 0.0 for one in outlooks), (first, second, third)
    )


def _last(days: Sequence[date | None]) -> date | None:
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(days) else None


def critical(parts: Iterable[Part]) -> Part | None:
    """The team whose date moves the program's: the latest; None where none is known."""
    known = [one for one in parts if one.is_open and one.outlook is not None]
    return max(known, key=_lateness, default=None)


def together(parts: Iterable[Part]) -> EpicOutlook | None:
    """The latest of all teams' days; None where a team that is not done has no forecast."""
    open_ = [one for one in parts if one.is_open]
    known = [one.outlook for one in open_ if one.outlook is not None]
    return _latest(known) if len(known) == len(open_) else None


def _lateness(part: Part) -> tuple[date, ...]:
    """What orders teams by their dates: 85 % first; one that has none comes after all."""
    first, second, third = part.outlook.dates if part.outlook else (None, None, None)
    return tuple(date.max if day is None else day for day in (second, third, first))


def amounts_of(parts: Iterable[Amounts]) -> Amounts:
    """The amounts of several teams together."""
    every = list(parts)
    return Amounts(
        exact_sum(one.total_points for one in every),
        exact_sum(one.in_progress_points for one in every),
        exact_sum(one.done_points for one in every),
        sum(one.epic_count for one in every),
        sum(one.done_count for one in every),
        sum(one.blank_count for one in every),
        sum(one.unestimated_count for one in every),
        sum(one.dependency_count for one in every),
    )


def burnup_of(every: Iterable[Sequence[BurnupDay]]) -> tuple[BurnupDay, ...]:
    """Scope and done of all teams on each day that all of them know."""
    known = [some for some in every if some]
    if not known:
        return ()
    last: date = min(some[-1].day for some in known)
    by_day: dict[date, list[BurnupDay]] = {}
    for some in known:
        for one in some:
            if one.day <= last:
                by_day.setdefault(one.day, []).append(one)
    return tuple(
        BurnupDay(
            day,
            exact_sum(one.total_points for one in some),
            exact_sum(one.done_points for one in some),
        )
        for day, some in sorted(by_day.items())
    )
