"""Reads past quarters of a team as they stood at the end of each of their days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection, select

from telemetry.domain.quarter import Quarter, read_quarter
from telemetry.domain.team import unit_of
from telemetry.metrics import hindsight
from telemetry.metrics.burnup import BurnupDay, burnup
from telemetry.metrics.epics import has_spell
from telemetry.metrics.forecast import NOTHING
from telemetry.metrics.quarter import Term, term_of
from telemetry.report.teams.team import StoredTeam
from telemetry.store import schema as s
from telemetry.store.epics import read_epics, read_labels


@dataclass(frozen=True, slots=True)
class PastQuarter:
    """A quarter that is over: its burnup by day, and the chances that were told on some days."""

    term: Term
    days: Mapping[date, BurnupDay]
    chances: Mapping[date, float] = field(default_factory=dict)

    @property
    def is_missed(self) -> bool | None:
        """Whether its epics were not all done at its end; None where nothing estimated was."""
        end = self.days.get(self.term.last)
        if end is None or not end.total_points:
            return None
        return end.total_points - end.done_points > NOTHING


@dataclass(frozen=True, slots=True)
class PastQuarters:
    """Those of a team, and what was done when: of teams without sprints the velocity."""

    unit: str = "point"
    quarters: Sequence[PastQuarter] = ()
    done: Sequence[tuple[datetime, float]] = ()


def read_past_quarters(
    connection: Connection, team: StoredTeam, since: date, as_of: datetime
) -> PastQuarters:
    """The quarters that were over by then and ended after `since`."""
    rules = team.rules
    labels = read_labels(connection, rules)
    names = {spell.quarter for one in labels.values() for spell in one.spells}
    terms = (term_of(one, rules.calendar) for one in _known(names))
    wanted = [
        term for term in terms if term.last >= since and as_of >= rules.calendar.day_end(term.last)
    ]
    epics = read_epics(
        connection,
        rules,
        {
            i: one
            for i, one in labels.items()
            if any(has_spell(one, term.quarter) for term in wanted)
        },
    )
    chances = _chances(connection, team)
    quarters = [
        PastQuarter(
            term,
            {one.day: one for one in burnup(term, epics, as_of)},
            {day: chance for (end, day), chance in chances.items() if end == term.last},
        )
        for term in wanted
    ]
    done = () if rules.has_sprints or not quarters else _done(connection, team)
    return PastQuarters(unit_of(rules), tuple(quarters), done)


def _known(names: Iterable[str]) -> list[Quarter]:
    return sorted(found for name in names if (found := read_quarter(name)) is not None)


def _chances(connection: Connection, team: StoredTeam) -> dict[tuple[date, date], float]:
    """By the end of a quarter and a day in it the chance that would have been told."""
    c = s.roadmap_forecasts.c
    stored = connection.scalar(
        select(c.days).where(c.team_key == team.rules.key, c.site == team.rules.site)
    )
    found = (hindsight.from_stored(day) for day in stored or ())
    return {(one.closed_on, one.day): 100 * one.corrected.in_time for one in found}


def _done(connection: Connection, team: StoredTeam) -> tuple[tuple[datetime, float], ...]:
    c = s.flow_issues.c
    rows = connection.execute(
        select(c.done_at, c.final_points)
        .where(c.team_key == team.rules.key, c.site == team.rules.site)
        .where(c.done_at.is_not(None), c.final_points.is_not(None))
        .order_by(c.done_at)
    )
    return tuple((row.done_at, row.final_points) for row in rows)
