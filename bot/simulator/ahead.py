"""How a demo team plans its next sprint ahead, in steps, while the present one is running.

What it plans ahead keeps its place in the team's backlog until the planning meeting, which takes
it in, or leaves it out, in its turn.
"""

from collections.abc import Callable, Collection
from datetime import date, timedelta
from functools import partial

from bot.simulator.backlog import stock
from bot.simulator.calendars import is_working_day, local_instant
from bot.simulator.state import Sprint
from bot.simulator.team import Team, hour, second

_steps = ((0.7, 0.45), (0.45, 0.7), (0.2, 0.9))
"""How much of the sprint is still to come, and the share of a commitment planned by then."""
_spare = 0.15
_hour = 14.25


def plan_ahead(team: Team, start_on: date) -> None:
    """Puts on the agenda when the future sprint, to begin on that day, is filled."""
    sprint = team.next_sprint
    if sprint is None:
        return
    length = 7 * team.plan.sprint_weeks
    for to_come, share in _steps:
        day = start_on - timedelta(days=round(to_come * length))
        while not is_working_day(team.plan.country, day):
            day -= timedelta(days=1)
        at = local_instant(team.plan.timezone, day, _hour)
        team.at(at - hour, partial(stock, team, share + _spare))
        team.at(at, partial(_fill, team, sprint, share))


def planned_ahead(team: Team, sprint: Sprint) -> set[int]:
    """The issues that are in the sprint to come and in the backlog still."""
    return set(team.backlog).intersection(team.world.by_sprint[sprint.id])


def leave_out(team: Team, sprint: Sprint, numbers: Collection[int], at: int) -> None:
    """Takes out what was planned ahead and found no room, in the order of entry."""
    for number in [each for each in team.world.by_sprint[sprint.id] if each in numbers]:
        team.world.remove_from_sprint(team.world.issues[number], at, author=team.people[0])


def _fill(team: Team, sprint: Sprint, share: float, at: int) -> None:
    """Takes some out again, and in what comes first, up to the share of a commitment."""
    ahead, target, instant = planned_ahead(team, sprint), share * team.commitment, at
    for number in team.backlog:
        issue = team.alive(number)
        if issue is None or team.is_done(issue):
            continue
        is_ahead = number in ahead
        if not is_ahead and target <= 0:
            continue
        is_moved = team.chance(0.12 if is_ahead else 0.9)
        if is_moved:
            instant += 20 * second
            team.at(instant, _move(team, sprint, number, is_in=not is_ahead))
        if is_moved != is_ahead:
            target -= issue.points or 0


def _move(team: Team, sprint: Sprint, number: int, *, is_in: bool) -> Callable[[int], None]:
    """An act that puts an issue of the backlog into the sprint to come, or out of it."""

    def act(due: int) -> None:
        issue = team.alive(number)
        if issue is None or number not in team.backlog or sprint is not team.next_sprint:
            return
        if is_in:
            team.world.move_to_sprint(issue, sprint, due, author=team.people[0])
        else:
            team.world.remove_from_sprint(issue, due, author=team.people[0])

    return act
