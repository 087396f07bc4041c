"""`python -m tests.forecast [TEAMS [SEEDS]]`: what the sprint forecast is worth.

For the demo, ten other seeds of it, three made-up kinds of teams that are unlike each other, and
all of them: how many of the dates given with 50, 85 and 95 % held, how many there were, their
pinball loss in working days, the Brier score of the chance, how many of the amounts were reached,
and how wide it was: the median of the working days from the day with 50 % to that with 85 %, and of
those to the latter. Beside the method stand the simulation alone, runs without what is added, and a
rough correction by the plain ratio of what earlier sprints took, each also on the same forecasts.
TEAMS limits each population, SEEDS the other seeds (all by default).
"""

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
from sqlalchemy import select

from telemetry.domain.calendar import Calendar
from telemetry.metrics.burndown import Day
from telemetry.metrics.correction import Corrected, Experience
from telemetry.metrics.forecast import PERCENTILES
from telemetry.metrics.hindsight import ClosedDays, Hindsight, hindsight
from telemetry.store import schema as s
from telemetry.store.sprint_days import read_sprint_days
from telemetry.store.teams import read_teams
from tests.forecast.demo import pulled_demo
from tests.forecast.populations import KINDS, MadeSprint, made_team
from tests.forecast.tables import OURS, Told, report
from tests.forecast.team import Team

NOW = datetime(2026, 5, 6, 13, 10, tzinfo=UTC)
SEEDS = (1, 2, 3, 4, 5, 6, 8, 9, 10, 11)
MADE = 20  # teams of a kind
LONGEST = 60.0


def of_a_kind(name: str, count: int) -> Iterator[Team]:
    """Made-up teams of one kind."""
    for seed in range(count):
        made = made_team(KINDS[name], seed)
        today = made[-1].last_on
        yield Team([_closed(n, one, today) for n, one in enumerate(made)], Calendar(), today)


def _closed(number: int, made: MadeSprint, today: date) -> ClosedDays:
    days = [
        Day(
            one.day, one.remaining_points, None, 0, one.done_points,
            one.added_points, 0, 0, one.burned_points, 0,
        )
        for one in made.days
    ]  # fmt: skip
    return ClosedDays(number, made.last_on, made.last_on, days, made.left_done_on(today))


def of_the_demo(seed: int) -> Iterator[Team]:
    """The demo's teams, pulled as the bot pulls them."""
    with pulled_demo(NOW, seed) as connection:
        for record in read_teams(connection):
            if record.rules.has_sprints:
                yield _pulled(connection, record.rules)


def _pulled(connection, rules) -> Team:
    calendar, c = rules.calendar, s.sprint_forecasts.c
    rows = connection.execute(
        select(c.sprint_id, c.left_done_on).where(c.team_key == rules.key)
    ).all()
    left = {row.sprint_id: row.left_done_on for row in rows}
    f, p = s.sprint_facts.c, s.sprints.c
    closed = connection.execute(
        select(p.id, p.planned_end_at, f.as_of)
        .join(s.sprint_facts, (p.site == f.site) & (p.id == f.sprint_id))
        .where(f.team_key == rules.key, p.state == "closed")
        .order_by(f.as_of)
    ).all()
    days = read_sprint_days(connection, rules, [row.id for row in closed], Day)
    return Team(
        [
            ClosedDays(i, calendar.day_of(at), calendar.day_of(end), days[i], left.get(i))
            for i, end, at in closed
        ],
        calendar,
        calendar.day_of(NOW),
    )


def rough(known: Sequence[Experience]) -> list[Hindsight]:
    """Corrected by the plain ratio of took to simulated, of what never came by the longest."""
    found = []
    for one in hindsight(known):
        before = [e for e in known if e.closed_on <= one.day]
        ratios = sorted(
            (e.took if e.finished_on and e.finished_on <= one.day else np.inf)
            / (e.simulated.median_days or LONGEST)
            for e in before
        )
        seen = [ratio for ratio in ratios if ratio < np.inf] or [1.0]
        here = next(e for e in known if (e.closed_on, e.day) == (one.closed_on, one.day))
        scale = here.simulated.median_days or LONGEST
        days = tuple(
            max(
                1,
                int(
                    np.ceil(scale * min(ratios[int(np.ceil(p / 100 * len(ratios))) - 1], seen[-1]))
                ),
            )
            for p in PERCENTILES
        )
        chance = float(np.mean([ratio * scale <= (one.ahead or 0) for ratio in ratios]))
        found.append(replace(one, corrected=Corrected(days, chance, one.simulated.points)))
    return found


def methods(teams: Sequence[Team]) -> dict[str, Told]:
    """What each method said of some teams."""
    began = time.process_time()
    known = [team.known() for team in teams]
    ours = [hindsight(some) for some in known]
    seconds = (time.process_time() - began) / len(teams)
    plain = [hindsight(team.known(is_growing=False)) for team in teams]
    return {
        OURS: Told(ours, teams, seconds),
        "simulated": Told([_as_simulated(some) for some in ours], teams),
        "old": Told([_as_simulated(some) for some in plain], teams),
        "rough": Told([rough(some) for some in known], teams),
    }


def _as_simulated(found: Sequence[Hindsight]) -> list[Hindsight]:
    return [replace(one, corrected=one.simulated) for one in found]


def main() -> None:
    """Measure and print."""
    most, seeds = ([int(one) for one in sys.argv[1:]] + [None, None])[:2]
    sites = {"demo": list(of_the_demo(7))}
    sites["ten seeds"] = [team for seed in SEEDS[:seeds] for team in of_the_demo(seed)]
    sites |= {name: list(of_a_kind(name, MADE)) for name in KINDS}
    report("sprints", {name: teams[:most] for name, teams in sites.items()}, methods)


if __name__ == "__main__":
    main()
