"""Lets a demo world go on living: what its teams had on the agenda, and an event of now."""

import threading
from collections.abc import Callable
from datetime import date, datetime
from random import Random

from bot.simulator.backlog import quarters_due
from bot.simulator.calendars import local_day, local_hour
from bot.simulator.generate import DemoWorld
from bot.simulator.interruptions import an_impediment
from bot.simulator.sprints import change_scope
from bot.simulator.state import milliseconds
from bot.simulator.team import Team, hour, minute
from bot.simulator.workday import days_to, plan_day, work

_most_seconds_a_day = 4 * 3600
_planned_share = 0.5


def step(world: DemoWorld, now: datetime, rng: Random) -> int:
    """Does all that is due at `now`, and one small event of a team at work; returns how many.

    Sprints that have reached their end are closed and the next ones started. Half of a
    day's work is on the agenda; such events add to it, up to four hours a person.
    """
    instant = milliseconds(now)
    with world.lock:
        count = sum(keep_up(team, instant) for team in world.teams)
        awake = [t for t in world.teams if 8 <= local_hour(t.plan.timezone, instant) < 19]
        team = rng.choice(awake or world.teams)
        return count + _event(team, instant, rng)


def keep_up(team: Team, at: int) -> int:
    """Plans the days that have come and does what is due; returns how many acts."""
    count = 0
    for day in days_to(team, local_day(team.plan.timezone, at)):
        quarters_due(team, day)
        plan_day(team, day, _planned_share)
    count += team.run_until(at)
    return count


def _event(team: Team, at: int, rng: Random) -> int:
    chance = rng.random()
    if chance < 0.7:
        return _log_some_work(team, at, rng)
    if chance < 0.72:
        an_impediment(team, at)
        return 1
    if chance < 0.73:
        change_scope(team, at)
        return 1
    issues = team.sprint_issues()
    if not issues:
        return 0
    team.world.touch(rng.choice(issues), at)
    return 1


def _log_some_work(team: Team, at: int, rng: Random) -> int:
    """Somebody with hours left logs up to an hour that has just ended."""
    spent = _logged(team, local_day(team.plan.timezone, at), at)
    free = [p for p in team.people if spent.get(p, 0) + 3600 <= _most_seconds_a_day]
    if not free:
        return 0
    seconds = rng.choice((900, 1800, 2700, 3600))
    start = at - seconds * 1000 - rng.randint(0, 3) * minute
    what = rng.choices(("planned", "impediment", "off"), (72, 20, 8))[0]
    issue = work(team, rng.choice(free), what, start, seconds, is_entered_at_once=True)
    team.run_until(at)
    return 0 if issue is None else 1


def _logged(team: Team, today: date, at: int) -> dict[int, int]:
    """Seconds already logged per person for the local day."""
    spent: dict[int, int] = {}
    for issue_id in team.world.touched_since(at - 24 * hour):
        for number in team.world.issues[issue_id].work_logs:
            log = team.world.work_logs[number]
            if log.author and local_day(team.plan.timezone, log.started_at) == today:
                spent[log.author] = spent.get(log.author, 0) + log.seconds
    return spent


class Life:
    """A thread that steps a world on, at random intervals around `interval_seconds`."""

    def __init__(
        self,
        world: DemoWorld,
        clock: Callable[[], datetime],
        seed: int = 7,
        interval_seconds: float = 20,
    ) -> None:
        self._world = world
        self._clock = clock
        self._random = Random(seed)
        self._interval_seconds = interval_seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._live, name="demo life", daemon=True)

    def __enter__(self) -> "Life":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join(timeout=10)

    def _live(self) -> None:
        while not self._stopped.wait(self._interval_seconds * self._random.uniform(0.4, 1.6)):
            step(self._world, self._clock(), self._random)
