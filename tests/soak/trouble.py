"""What goes wrong during a pull, by plan: faults of Jira, edits between two requests, kills."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event
from starlette.requests import Request

from tests.soak.faults import OF_A_TEAM, OF_THE_SITE, PASSING, RARE, Hook, answer

KILLS = ("at a request", "before a commit", "after a commit")


class Killed(BaseException):
    """The process was killed here: nothing of it runs on."""


@dataclass(slots=True)
class Plan:
    """One pull's trouble, by the number of the request or of the commit at which it comes."""

    faults: dict[int, str] = field(default_factory=dict)
    lasting: str = ""  # a fault from `lasts_from` to the end of the pull
    lasts_from: int = 0
    path: str = ""  # what the path or query of a lasting fault holds
    acts: set[int] = field(default_factory=set)
    kill: str = ""
    kill_at: int = 0


def quiet() -> Plan:
    """A pull in which nothing goes wrong."""
    return Plan()


def planned(dice: random.Random) -> Plan:
    """A pull's trouble by chance: often none, now and then several at once."""
    plan = Plan()
    if dice.random() < 0.5:
        for _ in range(dice.randrange(1, 4)):
            plan.faults[dice.randrange(1, 25)] = (
                RARE if dice.random() < 0.02 else dice.choice(PASSING)
            )
    if dice.random() < 0.15:
        is_team = dice.random() < 0.5
        plan.lasting = dice.choice(OF_A_TEAM if is_team else OF_THE_SITE)
        plan.lasts_from = dice.randrange(1, 25)
        plan.path = (
            dice.choice(("/board/1", "/board/2", "/board/3", "WEB", "K8S")) if is_team else ""
        )
    if dice.random() < 0.6:
        plan.acts = {dice.randrange(1, 25) for _ in range(dice.randrange(1, 6))}
    if dice.random() < 0.25:
        plan.kill = dice.choice(KILLS)
        plan.kill_at = dice.randrange(1, 14 if "commit" in plan.kill else 25)
    return plan


class Trouble:
    """Raises what is planned; `counts` is what was raised, by kind.

    `before` is asked of each request first: a fault of the whole seed, or None.
    """

    def __init__(self, act: Callable[[], None], before: Callable[[Request], Hook]) -> None:
        self._act = act
        self._before = before
        self.plan = quiet()
        self.counts = Counter[str]()
        self._requests = 0
        self._commits = 0
        self._slept_seconds = 0.0
        self.is_dead = False

    def begin(self, plan: Plan) -> None:
        """A new process makes a pull."""
        self.plan, self.is_dead = plan, False
        self._requests = self._commits = 0

    def end(self) -> int:
        """The pull is over; returns how many planned acts did not come in its time."""
        left = len(self.plan.acts)
        self.plan = quiet()
        return left

    def on_request(self, request: Request) -> Hook:
        """The hook of the simulated Jira: called before each request."""
        plan = self.plan
        self._requests += 1
        number = self._requests
        if number in plan.acts:
            plan.acts.discard(number)
            self.counts["edit during a pull"] += 1
            self._act()
        if self.is_dead or (plan.kill == KILLS[0] and number == plan.kill_at):
            self._die()
            return answer("500", number)
        found = plan.faults.pop(number, "")
        where = f"{request.url.path}?{request.url.query}"
        if plan.lasting and number >= plan.lasts_from and plan.path in where:
            found = plan.lasting
        if not found:
            return self._before(request)
        self.counts[found] += 1
        return answer(found, number)

    def sleep(self, seconds: float) -> None:
        """Waits on a clock of its own before a request is tried again; the dead never do."""
        if self.is_dead:
            raise Killed
        self._slept_seconds += seconds

    def clock(self) -> float:
        """Seconds, those slept included."""
        return time.monotonic() + self._slept_seconds

    def watch(self, engine: Engine) -> None:
        """Kill at the commits of this store."""

        @event.listens_for(engine, "commit")
        def _committing(_connection: Any) -> None:
            if self.is_dead:
                raise Killed
            self._commits += 1
            if self.plan.kill == KILLS[1] and self._commits == self.plan.kill_at:
                self._die()
                raise Killed

        @event.listens_for(engine, "begin")
        def _beginning(_connection: Any) -> None:
            is_due = self.plan.kill == KILLS[2] and self._commits >= self.plan.kill_at
            if is_due and not self.is_dead:
                self._die()
            if self.is_dead:
                raise Killed

    def _die(self) -> None:
        if not self.is_dead:
            self.is_dead = True
            self.counts[f"killed {self.plan.kill}"] += 1
