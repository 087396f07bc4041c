"""`python -m tests.forecast.roadmaps [TEAMS [SEEDS]]`: what the forecast of quarters is worth.

The same as of sprints, of the demo, ten other seeds and three made-up kinds of teams: every fifth
working day of every quarter that is over, held against when all was done that was planned then,
wherever it was put off to. Epics are those that were open on such a day, each held against when it
was done. Programs are made of three teams each: their days are the latest, their chance is the
least of theirs.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from random import Random

from telemetry.domain.calendar import ONE_DAY, Calendar, days_between
from telemetry.domain.quarter import Quarter, quarter_of, read_quarter
from telemetry.metrics.correction import Corrected, Experience, Record
from telemetry.metrics.epic_figures import Epic
from telemetry.metrics.epics import Child, EpicLabels, Spell, Step
from telemetry.metrics.epics_past import epic_experiences, few_runs, said_of_epics
from telemetry.metrics.forecast import PERCENTILES, Moves
from telemetry.metrics.hindsight import Hindsight, hindsight
from telemetry.metrics.quarter import Term, term_of
from telemetry.metrics.roadmap_past import LookedAt, experience, looked_at, past_days
from telemetry.metrics.roadmap_runs import PartRuns
from telemetry.store.epics import read_epics, read_labels
from telemetry.store.teams import read_teams
from tests.forecast.__main__ import MADE, NOW, SEEDS, methods
from tests.forecast.demo import pulled_demo
from tests.forecast.populations import KINDS, SATURDAY, SIZES, WEIGHTS, Kind
from tests.forecast.tables import Told, report
from tests.forecast.team import Team

QUARTERS = 9
TOGETHER = 3  # teams of a program
FIRST = Quarter(2024, 1)
EPIC_POINTS = (13, 34)


class Roadmap(Team):
    """A team's epics, as far as a forecast of its quarters asks of them."""

    def __init__(self, epics: Sequence[Epic], calendar: Calendar, as_of: datetime) -> None:
        super().__init__((), calendar, calendar.day_of(as_of))
        self.epics, self.as_of = epics, as_of

    def known(self, *, is_growing: bool = True) -> list[Experience]:
        """What was simulated on past days, with what was added or without."""
        every = past_days(self._terms(), self.epics, self.as_of)
        if not is_growing:
            every = [
                one._replace(pool=tuple(Moves(move.done_points, 0.0) for move in one.pool))
                for one in every
            ]
        return [experience(one) for one in every]

    def looked_at(self) -> list[LookedAt]:
        """The past days that are looked at, with the epics that were open on them."""
        return looked_at(self._terms(), self.epics, self.as_of)

    def _terms(self) -> list[Term]:
        spells = (spell for epic in self.epics for spell in epic.labels.spells)
        known = {found for spell in spells if (found := read_quarter(spell.quarter))}
        last = quarter_of(self.today, self.calendar.fiscal_year_start)
        terms, one = [], min(known, default=last)
        while one <= last:
            terms.append(term_of(one, self.calendar))
            one = one.next()
        return terms


class Made:
    """An epic that is made up, with its children as they come and are done."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.children: list[dict] = []
        self.spells: list[list] = []

    def add(self, points: int, at: datetime, chance: Random) -> None:
        work = points * chance.lognormvariate(-0.06, 0.35)
        self.children.append({"points": points, "left": work, "steps": [(at, "todo")]})

    def epic(self) -> Epic:
        spells = tuple(Spell(*one) for one in self.spells)
        now = tuple(quarter for quarter, _, until in self.spells if until is None)
        children = [
            Child(
                1000 * self.number + place,
                False,
                tuple(Step(at, state, float(one["points"])) for at, state in one["steps"]),
            )
            for place, one in enumerate(self.children)
        ]
        return Epic(self.number, EpicLabels(now, (), (), spells), children)


def made_roadmap(kind: Kind, seed: int) -> Roadmap:
    """Two years of a team's quarters; what is left of one is put off to the next, or for good."""
    chance, calendar = Random(seed), Calendar()
    pace, saved = chance.uniform(2.5, 7), 0.0
    every: list[Made] = []
    going: list[Made] = []
    quarter = FIRST
    for _ in range(QUARTERS):
        term = term_of(quarter, calendar)
        began = _at(term.first, 6)
        going = _put_off(going, str(quarter), began, kind, chance)
        target = pace * term.working_days() * kind.overload * chance.uniform(0.7, 1.1)
        planned = sum(one["points"] for epic in going for one in _open(epic))
        while planned < target:
            made = Made(len(every) + 1)
            made.spells.append([str(quarter), began, None])
            wanted = chance.randint(*EPIC_POINTS)
            while sum(one["points"] for one in made.children) < wanted:
                made.add(chance.choices(SIZES, WEIGHTS)[0], began, chance)
            planned += sum(one["points"] for one in made.children)
            every.append(made)
            going.append(made)
        for day in days_between(term.first, term.last):
            if day.weekday() < SATURDAY:
                saved = _day(going, kind, chance, day, pace, saved)
        pace *= (1 - kind.fading) ** 6
        quarter = quarter.next()
    as_of = _at(term_of(quarter, calendar).first + timedelta(days=20), 12)
    return Roadmap([one.epic() for one in every], calendar, as_of)


def _put_off(
    going: Sequence[Made], quarter: str, at: datetime, kind: Kind, chance: Random
) -> list[Made]:
    """What goes on in the next quarter; some of what is left is put off for good."""
    kept = []
    for one in going:
        if _open(one) and chance.random() >= kind.dropped:
            one.spells[-1][2] = at
            one.spells.append([quarter, at, None])
            kept.append(one)
    return kept


def _open(epic: Made) -> list[dict]:
    return [one for one in epic.children if one["steps"][-1][1] != "done"]


def _day(
    going: Sequence[Made], kind: Kind, chance: Random, day: date, pace: float, saved: float
) -> float:
    if going and chance.random() < kind.added:
        open_ = [one for one in going if _open(one)] or list(going)
        chance.choice(open_).add(chance.choices(SIZES, WEIGHTS)[0], _at(day, 9), chance)
    saved += max(0.0, pace * chance.lognormvariate(-(kind.spread**2) / 2, kind.spread))
    if chance.random() < kind.quiet:
        return saved
    for epic in going:
        for one in _open(epic):
            used = min(saved, one["left"])
            one["left"] -= used
            saved -= used
            if one["left"] <= 0:
                one["steps"].append((_at(day, 15), "done"))
            if saved <= 0:
                return 0.0
    return 0.0


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)


def of_the_demo(seed: int) -> Iterator[Roadmap]:
    """The demo's teams, pulled as the bot pulls them."""
    with pulled_demo(NOW, seed) as connection:
        for record in read_teams(connection):
            rules = record.rules
            labels = read_labels(connection, rules)
            epics = read_epics(connection, rules, labels)
            if epics:
                yield Roadmap(epics, rules.calendar, record.as_of)


def with_programs(teams: Sequence[Roadmap]) -> dict[str, Told]:
    """What each method said of some teams, and ours of programs."""
    return methods(teams) | {"epics": epics(teams), "programs": programs(teams)}


def epics(teams: Sequence[Roadmap]) -> Told:
    """What is said of the epics that were open on each day."""
    return Told([list(_of_epics(team)) for team in teams], teams)


def _of_epics(team: Roadmap) -> Iterator[Hindsight]:
    looked, runs = [one for one in team.looked_at() if one.past.pool], PartRuns()
    few, by_day = few_runs(), {one.past.day: one for one in looked}
    record = Record(chain.from_iterable(epic_experiences(one, few) for one in looked))
    for whole in hindsight([experience(one.past) for one in looked]):
        seen = record.seen(whole.day, record.sprint_count(whole.closed_on - ONE_DAY))
        past = by_day[whole.day]
        for one, told in zip(
            past.epics, said_of_epics(past, whole.corrected, seen, runs), strict=True
        ):
            yield replace(whole, took=one.took, did_points=None, corrected=told)


def programs(teams: Sequence[Roadmap]) -> Told:
    """Days of programs: the latest of three teams' on each day all tell of."""
    found, first_today = [], []
    for place in range(0, len(teams) - TOGETHER + 1, TOGETHER):
        some = teams[place : place + TOGETHER]
        by_day = [{one.day: one for one in hindsight(team.known())} for team in some]
        days = set(by_day[0]).intersection(*by_day[1:])
        found.append([_latest([known[day] for known in by_day]) for day in sorted(days)])
        first_today.append(min(some, key=lambda one: one.today))
    return Told(found, first_today)


def _latest(parts: Sequence[Hindsight]) -> Hindsight:
    first, took = parts[0], [one.took for one in parts]

    def of(every: Sequence[Corrected]) -> Corrected:
        days = [[one.days[place] for one in every] for place in range(len(PERCENTILES))]
        late = tuple(None if None in some else max(some) for some in days)
        return Corrected(late, min(one.in_time for one in every), (None, None))

    return Hindsight(
        max(one.closed_on for one in parts),
        first.day,
        first.ahead,
        None if None in took else max(took),
        None,
        of([one.corrected for one in parts]),
        of([one.simulated for one in parts]),
    )


def main() -> None:
    """Measure and print."""
    most, seeds = ([int(one) for one in sys.argv[1:]] + [None, None])[:2]
    sites = {"demo": list(of_the_demo(7))}
    sites["ten seeds"] = [team for seed in SEEDS[:seeds] for team in of_the_demo(seed)]
    sites |= {name: [made_roadmap(kind, n) for n in range(MADE)] for name, kind in KINDS.items()}
    report("quarters", {name: teams[:most] for name, teams in sites.items()}, with_programs)


if __name__ == "__main__":
    main()
