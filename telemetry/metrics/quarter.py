"""A quarter by a team's calendar: what it holds, and whether what remains fits. Pure."""

from dataclasses import dataclass
from datetime import date

from telemetry.domain.calendar import Calendar
from telemetry.domain.quarter import Quarter

GREEN, RED = 2, -1  # working days of predictability


@dataclass(frozen=True, slots=True)
class Term:
    """A quarter with its first and last day, and the team's calendar."""

    quarter: Quarter
    first: date
    last: date
    calendar: Calendar

    def working_days(self) -> int:
        return self.calendar.working_days(self.first, self.last)

    def staffed_days(self) -> float:
        """The working days without what absences take of them."""
        return self.working_days() - self.calendar.days_away(self.first, self.last)

    def is_over(self, today: date) -> bool:
        return today > self.last


def term_of(quarter: Quarter, calendar: Calendar) -> Term:
    """The quarter by the team's fiscal year."""
    month = calendar.fiscal_year_start
    return Term(quarter, quarter.first_day(month), quarter.last_day(month), calendar)


@dataclass(frozen=True, slots=True)
class Share:
    """Hours of a time: those lost to impediments and off-plan work, and all."""

    lost_seconds: int
    all_seconds: int

    @property
    def part(self) -> float | None:
        return self.lost_seconds / self.all_seconds if self.all_seconds else None


def security_coefficient(given: float | None, quarter: Share, sprints: Share) -> float:
    """The number that the team gave, or by how much more than usual is lost in the quarter.

    Where no hours tell, nothing is taken off.
    """
    if given is not None:
        return given
    if quarter.part is None or sprints.part is None:
        return 0.0
    return max(0.0, quarter.part - sprints.part)


def capacity_limit(velocity: float | None, term: Term, coefficient: float) -> float | None:
    """The points that the quarter holds; None without velocity."""
    return None if velocity is None else velocity * term.staffed_days() * (1 - coefficient)


@dataclass(frozen=True, slots=True)
class Predictability:
    """Working days left and days to complete; `days` is None once the quarter is over."""

    working_days_left: int
    days_to_complete: float | None
    days: float | None

    @property
    def state(self) -> str | None:
        """`good`, `watch` or `bad`; None where it is unknown."""
        if self.days is None:
            return None
        if self.days >= GREEN:
            return "good"
        return "bad" if self.days < RED else "watch"


def predictability(
    term: Term, remaining_points: float, velocity: float | None, today: date
) -> Predictability:
    """Whether what remains fits into the working days from today on."""
    left = term.calendar.working_days(today, term.last)
    if remaining_points <= 0:
        needed: float | None = 0.0
    else:
        needed = remaining_points / velocity if velocity else None
    is_known = needed is not None and not term.is_over(today)
    return Predictability(left, needed, left - needed if is_known and needed is not None else None)
