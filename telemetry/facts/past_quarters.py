"""What would have been forecast on days of a team's past quarters, of them and of their epics.

Nothing is computed again of a day of which nothing changed that its forecast rests on, or that came
of it.
"""

import hashlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, groupby
from math import inf
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from telemetry.domain.calendar import ONE_DAY, Calendar
from telemetry.domain.quarter import Quarter, read_quarter
from telemetry.domain.team import TeamRules
from telemetry.facts.reading.batch import Team
from telemetry.facts.standings import current_quarter
from telemetry.metrics import correction, hindsight
from telemetry.metrics.correction import Corrected, Experience, Record, corrected
from telemetry.metrics.epic_figures import Epic
from telemetry.metrics.epics_past import (
    QUARTERS,
    epic_experiences,
    epics_to_stored,
    few_runs,
    parts_to_stored,
    said_of_epics,
)
from telemetry.metrics.hindsight import ALONE_FROM
from telemetry.metrics.quarter import Term, term_of
from telemetry.metrics.roadmap_past import LookedAt, experience, looked_at
from telemetry.metrics.roadmap_runs import PartRuns
from telemetry.store import schema as s
from telemetry.store.epics import read_epics, read_labels
from telemetry.store.roadmap_records import as_experience, as_experiences
from telemetry.store.upsert import replace

PAST, EPICS = s.roadmap_forecasts.c, s.epic_forecasts.c
Stored = list[Any]
AT_ONCE = 40  # days of which epics are forecast at a pull, some 1 ms each
SAID, PARTS = 3, 4  # where a stored day has what was said of its epics, and of programs


@dataclass(slots=True)
class Allowance:
    """Of how many days the epics may still be forecast at this pull."""

    left: float = inf

    def take(self) -> bool:
        self.left -= 1
        return self.left >= 0


class Keyed(NamedTuple):
    """A past day with what its experience is known by, and what is said of its epics.

    `quarter_count` are the quarters before of which something was simulated. The second key is None
    of days of which epics are not told.
    """

    one: LookedAt
    key: str
    epics_key: str | None
    quarter_count: int

    @property
    def is_told(self) -> bool:
        """Whether something can be said of its epics."""
        return bool(self.one.past.pool and self.one.epics) and self.quarter_count >= ALONE_FROM


def write_past_quarters(connection: Connection, team: Team, allowance: Allowance) -> int:
    """Write what would have been said, where what it rests on changed; how many rows did.

    Where more days change than the allowance has, the rest is left to the next pulls.
    """
    rules, current = team.rules, current_quarter(team)
    epics = read_epics(connection, rules, read_labels(connection, rules))
    number = current.year * 4 + current.number - QUARTERS - 1
    first = Quarter(number // 4, number % 4 + 1)
    looked = looked_at(_terms(rules, epics, current), epics, team.as_of)
    every = list(_keyed(rules.calendar, first, looked))
    known, changed = _write_quarters(connection, rules, every)
    return changed + _write_epics(connection, rules, every, known, allowance)


def read_unfinished(connection: Connection, site: str) -> set[str]:
    """The teams of which days are left to be forecast."""
    query = select(EPICS.team_key).where(EPICS.site == site, EPICS.is_whole.is_(False))
    return set(connection.scalars(query))


def _terms(rules: TeamRules, epics: Sequence[Epic], current: Quarter) -> list[Term]:
    """The quarters from the first that an epic was of to the current one."""
    known = {
        found
        for epic in epics
        for spell in epic.labels.spells
        if (found := read_quarter(spell.quarter)) is not None
    }
    quarters = []
    one = min(known, default=current)
    while one <= current:
        quarters.append(one)
        one = one.next()
    return [term_of(quarter, rules.calendar) for quarter in quarters]


def _digest(text: str, size: int = 12) -> str:
    return hashlib.blake2b(text.encode(), digest_size=size).hexdigest()


def _keyed(calendar: Calendar, first: Quarter, looked: Sequence[LookedAt]) -> Iterator[Keyed]:
    """The days in their order; from the `first` quarter on epics are told, too.

    What is said of epics rests on the experiences of the quarters before as well.
    """
    worked = repr((calendar.working_week, calendar.holidays, calendar.days_off))
    count, before = 0, ""
    for closed_on, some in groupby(looked, key=lambda one: one.past.closed_on):
        is_told = closed_on >= first.first_day(calendar.fiscal_year_start)
        keys = []
        for one in some:
            key = _key_of(one)
            told_by = f"{key} {one.place} {before} {worked}"
            keys += [key] if one.past.pool else []
            yield Keyed(one, key, _digest(told_by) if is_told else None, count)
        if keys:
            count, before = count + 1, _digest(before + "".join(keys))


class Experiences(NamedTuple):
    """What is stored of past days: of their quarters, and of the epics that were open on each."""

    quarters: Sequence[Stored]
    epics: Sequence[Stored]


def _key_of(one: LookedAt) -> str:
    """What its experiences follow from; of its days as bytes: words take ten times as long."""
    drawn = array("d", chain.from_iterable((m.done_points, m.added_points) for m in one.past.pool))
    return _digest(f"{one.past._replace(pool=())} {one.epics} {drawn.tobytes().hex()}")


def _write_quarters(
    connection: Connection, rules: TeamRules, every: Sequence[Keyed]
) -> tuple[Experiences, int]:
    """The experiences as they are stored, and how many rows changed."""
    past = [day for day in every if day.one.past.pool]
    digest = _digest("".join(day.key for day in past), 16)
    here = (PAST.team_key == rules.key, PAST.site == rules.site)
    query = select(PAST.digest, PAST.experiences, PAST.epics).where(*here)
    row = connection.execute(query).first()
    if row is not None and past and row.digest == digest:
        return Experiences(row.experiences, row.epics), 0
    pairs = zip(row.experiences, row.epics, strict=True) if row is not None else ()
    known, runs = {one[0]: (one, epics) for one, epics in pairs}, few_runs()
    stored = [known.get(day.key) or _experienced(day, runs) for day in past]
    found = Experiences([one for one, _ in stored], [epics for _, epics in stored])
    days = hindsight.hindsight([as_experience(one) for one in found.quarters])
    made = {
        "digest": digest,
        "quarter_count": len({day.one.past.quarter for day in past}),
        "experiences": found.quarters,
        "epics": found.epics,
        "days": [hindsight.to_stored(day) for day in days],
    }
    scope = {"team_key": rules.key, "site": rules.site}
    return found, replace(connection, s.roadmap_forecasts, scope, [made] if past else [])


def _experienced(day: Keyed, runs: PartRuns) -> tuple[Stored, Stored]:
    """What is stored of a day, of its quarter and of its epics."""
    past = day.one.past
    head = [day.key, past.quarter, past.closed_on.toordinal()]
    epics = [correction.to_stored(one) for one in epic_experiences(day.one, runs)]
    return [*head, correction.to_stored(experience(past))], [*head, epics]


def _write_epics(
    connection: Connection,
    rules: TeamRules,
    every: Sequence[Keyed],
    experiences: Experiences,
    allowance: Allowance,
) -> int:
    here = (EPICS.team_key == rules.key, EPICS.site == rules.site)
    known = {one[0]: one for one in connection.scalar(select(EPICS.days).where(*here)) or ()}
    past = PastEpics(rules.calendar, experiences)
    days, of_programs, is_whole = list[Stored](), list[Stored](), True
    for day in every:
        if day.epics_key is None:
            continue
        found = known.get(day.epics_key)
        if found is None:
            said = past.said(day) if day.is_told and allowance.take() else None
            found = past.stored(day, said)
        if day.is_told and not found[SAID]:
            is_whole = False
        else:
            days.append(found)
        if found[PARTS]:
            of_programs.append([day.one.past.quarter, day.one.place, found[PARTS]])
    row = {"days": days, "parts": of_programs, "is_whole": is_whole}
    rows = [row] if days or not is_whole else []
    scope = {"team_key": rules.key, "site": rules.site}
    return replace(connection, s.epic_forecasts, scope, rows)


class PastEpics:
    """What would have been said of a team's epics; the records are put together once, if at all."""

    def __init__(self, calendar: Calendar, experiences: Experiences) -> None:
        self._calendar, self._experiences = calendar, experiences
        self._runs = PartRuns()

    @cached_property
    def _quarters(self) -> tuple[dict[str, Experience], Record]:
        every = {one[0]: as_experience(one) for one in self._experiences.quarters}
        return every, Record(every.values())

    @cached_property
    def _epics(self) -> Record:
        return Record(chain.from_iterable(map(as_experiences, self._experiences.epics)))

    def said(self, day: Keyed) -> list[Corrected]:
        """What would have been said of each epic that was open."""
        past = day.one.past
        quarters, record = self._quarters
        seen = record.seen(past.day, day.quarter_count)
        whole = corrected(quarters[day.key].simulated, past.ahead, seen)
        before = self._epics.sprint_count(past.closed_on - ONE_DAY)
        return said_of_epics(day.one, whole, self._epics.seen(past.day, before), self._runs)

    def stored(self, day: Keyed, said: Sequence[Corrected] | None) -> Stored:
        past = day.one.past
        return [
            day.epics_key,
            past.day.toordinal(),
            past.ahead,
            epics_to_stored(day.one, said),
            parts_to_stored(day.one, said, self._calendar),
        ]
