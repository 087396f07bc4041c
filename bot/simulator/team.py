"""A demo team at work: what it has in hand, and the agenda of what it will do next."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from heapq import heappop, heappush
from random import Random

from bot.simulator.state import Issue, Sprint
from bot.simulator.teams import TeamPlan
from bot.simulator.world import World

to_do, in_progress, in_review, done = "10000", "3", "10002", "10001"
second = 1000
minute = 60 * second
hour = 60 * minute


@dataclass(slots=True)
class Team:
    """One team; all its chances come from `random`, so a seed tells its whole life."""

    world: World
    plan: TeamPlan
    random: Random
    project: int
    board: int
    people: list[int]
    commitment: float
    seconds_per_point: float
    agenda: list[tuple[int, int, Callable[[int], None]]] = field(default_factory=list)
    events: int = 0
    backlog: list[int] = field(default_factory=list)
    epics: list[int] = field(default_factory=list)
    impediments: list[int] = field(default_factory=list)
    off_plan: list[int] = field(default_factory=list)
    efforts: dict[int, float] = field(default_factory=dict)
    in_hand: dict[int, int] = field(default_factory=dict)
    sprint: Sprint | None = None
    next_sprint: Sprint | None = None
    sprint_count: int = 0
    planned_to: date | None = None
    quarter: date | None = None
    mood: float = 1.0
    """How troubled the present sprint is: multiplies the shares of unplanned work."""
    neighbours: list[int] = field(default_factory=list)
    """Projects of the other teams, where issues are moved to."""

    def at(self, instant: int, act: Callable[[int], None]) -> None:
        """Puts an act on the agenda; it is called with its instant."""
        self.events += 1
        heappush(self.agenda, (instant, self.events, act))

    def run_until(self, instant: int) -> int:
        """Does what is due up to and including the instant; returns how many acts."""
        count = 0
        while self.agenda and self.agenda[0][0] <= instant:
            due, _, act = heappop(self.agenda)
            act(due)
            count += 1
        return count

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def alive(self, number: int) -> Issue | None:
        """The issue, unless it was deleted."""
        return self.world.issues.get(number)

    def is_done(self, issue: Issue) -> bool:
        return self.world.statuses[issue.status].category == "done"

    def sprint_issues(self) -> list[Issue]:
        """The issues of the running sprint in the order of entry."""
        if self.sprint is None:
            return []
        return [self.world.issues[number] for number in self.world.by_sprint[self.sprint.id]]

    def anybody(self) -> int:
        return self.random.choice(self.people)
