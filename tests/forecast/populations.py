"""Three unlike kinds of teams, made up issue by issue: steady, bursty, and of a dying backlog.

They share no code with the simulated Jira, so that a forecast cannot be fitted to one model alone.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

SIZES, WEIGHTS = (1, 2, 3, 5, 8, 13), (3, 5, 6, 4, 2, 0.5)
MEAN_SIZE = sum(size * weight for size, weight in zip(SIZES, WEIGHTS, strict=True)) / sum(WEIGHTS)
FIRST_DAY = date(2025, 1, 6)  # a Monday
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """How a team works; shares are of 1, points a day a person-free mean.

    `spread` is the standard deviation of a day's work, as a share of its mean; on a `quiet` share
    of the days nothing is done and the work is done on the day after. `overload` is what is
    committed to, as a share of what can be done; `added` a day's chance of one more issue.
    `dropped` is the chance that what is left at a close is put off for good, `fading` what of the
    pace is lost with every sprint.
    """

    spread: float
    quiet: float
    overload: float
    added: float
    dropped: float
    fading: float = 0.0
    reopened: float = 0.02
    weeks: int = 2


KINDS = {
    "steady": Kind(spread=0.3, quiet=0.05, overload=1.0, added=0.1, dropped=0.02),
    "bursty": Kind(spread=1.2, quiet=0.5, overload=1.15, added=0.35, dropped=0.02, reopened=0.08),
    "dying backlog": Kind(
        spread=0.6, quiet=0.2, overload=1.4, added=0.2, dropped=0.08, fading=0.015
    ),
}


@dataclass(slots=True)
class Work:
    """An issue: its points, and how much of it is to be done yet."""

    points: int
    to_do: float
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class MadeDay:
    """One day of a sprint, as the burndown has it."""

    day: date
    remaining_points: float
    burned_points: float
    added_points: float
    done_points: float


@dataclass(slots=True)
class MadeSprint:
    """A sprint, and what was left of it at its close."""

    first_on: date
    last_on: date
    days: list[MadeDay] = field(default_factory=list)
    left: list[Work] = field(default_factory=list)

    def left_done_on(self, until: date) -> date | None:
        """When all that was left was done, as known on a day; None before."""
        ends = [one.done_on for one in self.left]
        known = [on for on in ends if on is not None and on <= until]
        return max(known) if known and len(known) == len(ends) else None


def _issue(chance: Random) -> Work:
    points = chance.choices(SIZES, WEIGHTS)[0]
    return Work(points, points * chance.lognormvariate(-0.06, 0.35))


def made_team(kind: Kind, seed: int, sprints: int = 26) -> list[MadeSprint]:
    """A team's sprints, one after the other without a gap."""
    chance = Random(seed)
    pace = chance.uniform(2.5, 7)
    queue: deque[Work] = deque()
    found, saved, first = [], 0.0, FIRST_DAY
    for _ in range(sprints):
        sprint = MadeSprint(first, first + timedelta(days=7 * kind.weeks - 3))
        target = pace * 5 * kind.weeks * kind.overload * chance.uniform(0.8, 1.2)
        scope = [queue.popleft() for _ in range(len(queue))]
        while sum(one.points for one in scope) < target:
            scope.append(_issue(chance))
        for number in range((sprint.last_on - first).days + 1):
            saved = _day(sprint, scope, kind, chance, first + timedelta(number), pace, saved)
        sprint.left = [one for one in scope if one.done_on is None]
        queue.extend(one for one in sprint.left if chance.random() >= kind.dropped)
        found.append(sprint)
        pace *= 1 - kind.fading
        first += timedelta(days=7 * kind.weeks)
    return found


def _day(
    sprint: MadeSprint,
    scope: list[Work],
    kind: Kind,
    chance: Random,
    day: date,
    pace: float,
    saved: float,
) -> float:
    """Live through one day; what was worked and not yet shown comes on a later one."""
    added = burned = 0.0
    if day.weekday() < SATURDAY:
        if chance.random() < kind.added:
            scope.append(_issue(chance))
            added = scope[-1].points
        saved += max(0.0, pace * chance.lognormvariate(-(kind.spread**2) / 2, kind.spread))
        if chance.random() >= kind.quiet:
            saved, burned = _work(scope, saved, day)
        done = [one for one in scope if one.done_on is not None]
        if done and chance.random() < kind.reopened:
            again = chance.choice(done)
            again.done_on, again.to_do = None, again.points * 0.5
            burned -= again.points
    remaining = sum(one.points for one in scope if one.done_on is None)
    total = sum(one.points for one in scope)
    sprint.days.append(MadeDay(day, remaining, burned, added, total - remaining))
    return saved


def _work(scope: list[Work], amount: float, day: date) -> tuple[float, float]:
    """Work through the scope in its order; what is too much is lost."""
    burned = 0.0
    for one in scope:
        if one.done_on is None and amount > 0:
            used = min(amount, one.to_do)
            one.to_do -= used
            amount -= used
            if one.to_do <= 0:
                one.done_on = day
                burned += one.points
    return 0.0, burned
