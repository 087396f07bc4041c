"""A team of sprints, as far as a forecast asks of it."""

from collections.abc import Sequence
from datetime import date

from telemetry.domain.calendar import Calendar
from telemetry.metrics.correction import Experience
from telemetry.metrics.forecast import Moves, working_day_moves
from telemetry.metrics.hindsight import ClosedDays, experiences

POOL, ENOUGH = 6, 3  # sprints


class Team:
    """A team's closed sprints, as far as a forecast asks of them."""

    def __init__(self, sprints: Sequence[ClosedDays], calendar: Calendar, today: date) -> None:
        self.sprints, self.calendar, self.today = sprints, calendar, today

    def known(self, *, is_growing: bool = True) -> list[Experience]:
        """What was simulated on each past day, with what was added or without."""
        moves = [working_day_moves(one.days, self.calendar) for one in self.sprints]
        if not is_growing:
            moves = [[Moves(one.done_points, 0.0) for one in some] for some in moves]
        found, kept = list[Experience](), dict[tuple[int, ...], list[Moves]]()
        for number, sprint in enumerate(self.sprints):
            pools = {}
            for day in sprint.days:
                closed = [n for n in range(number) if self.sprints[n].closed_on <= day.day]
                key = tuple(closed[-POOL:])
                if len(key) >= ENOUGH:
                    pool = [move for n in key for move in moves[n]]
                    pools[day.day] = kept.setdefault(key, pool)
            found += experiences(sprint, pools, self.calendar)
        return found
