"""The running sprints of a site's teams, and what is known of past forecasts: read for all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, select

from telemetry.domain.models import SprintState
from telemetry.domain.team import TeamRules
from telemetry.facts.reading.batch import Team
from telemetry.metrics import correction, hindsight
from telemetry.metrics.correction import Record
from telemetry.metrics.figures import OUTLOOK
from telemetry.metrics.forecast import Worth, together
from telemetry.metrics.hindsight import ALONE_FROM
from telemetry.metrics.outlook import Standing
from telemetry.store import schema as s
from telemetry.store.terms import FACT, SPRINT

LENDERS = 6  # teams at most
LOOKED_BACK = timedelta(days=365)
FIGURES = ("as_of", "remaining_points", "done_points", "unestimated_count")
SAID, T, PAST = s.sprint_outlooks.c, s.team_forecasts.c, s.sprint_forecasts.c


@dataclass(frozen=True, slots=True)
class Running:
    """A running sprint as its facts have it, with what was forecast of it before."""

    sprint_id: int
    as_of: datetime
    remaining_points: float
    done_points: float
    unestimated_count: int
    planned_end_at: datetime | None
    shown: list[Any]  # by `OUTLOOK`
    basis: Any
    said: Any

    def standing(self, rules: TeamRules) -> Standing:
        day_of, end = rules.calendar.day_of, self.planned_end_at
        return Standing(
            self.remaining_points,
            self.done_points,
            self.unestimated_count,
            day_of(self.as_of),
            None if end is None else day_of(end),
        )


@dataclass(slots=True)
class SiteNow:
    """The running sprints of a site's teams, and whose records there are.

    `digests` and `counts` are of the teams' past forecasts. What is read of a team is kept for
    those to which it lends.
    """

    site: str
    rules: Mapping[str, TeamRules]
    running: Mapping[str, list[Running]]
    stale: Mapping[str, set[int]]  # sprints that have an outlook and run no more
    digests: Mapping[str, str]
    counts: Mapping[str, int]
    records: dict[str, Record] = field(default_factory=dict)
    worths: dict[tuple[str, date], Worth] = field(default_factory=dict)

    def lenders(self, key: str) -> list[str]:
        """The teams that lend to this one: none where it has enough of its own."""
        if self.counts.get(key, 0) >= ALONE_FROM:
            return []
        able = [one for one, count in self.counts.items() if count >= ALONE_FROM and one != key]
        return sorted(able, key=lambda one: (-self.counts[one], one))[:LENDERS]

    def basis(self, key: str, one: Running) -> list[Any]:
        """What the outlook follows from, beside the closed sprints' days."""
        standing = one.standing(self.rules[key])
        return [
            standing.remaining_points,
            standing.done_points,
            standing.unestimated_count,
            standing.today.toordinal(),
            None if standing.planned_end_on is None else standing.planned_end_on.toordinal(),
            [self.digests.get(name) for name in (key, *self.lenders(key))],
        ]

    def is_due(self, team: Team) -> bool:
        """Whether something is to be computed or written of the team."""
        key = team.rules.key
        running = self.running.get(key, [])
        return bool(self.stale.get(key)) or any(
            team.learns or one.basis != self.basis(key, one) or one.shown != one.said
            for one in running
        )


def read_site(connection: Connection, site: str, teams: Iterable[Team]) -> SiteNow:
    """What there is of these teams of a site."""
    rules = {team.rules.key: team.rules for team in teams}
    running = _read_running(connection, site, rules)
    found = connection.execute(select(T.team_key, T.digest, T.sprint_count).where(T.site == site))
    known = [row for row in found if row.team_key in rules]
    return SiteNow(
        site,
        rules,
        running,
        stale=_read_stale(connection, site, running),
        digests={row.team_key: row.digest for row in known},
        counts={row.team_key: row.sprint_count for row in known},
    )


def _read_running(
    connection: Connection, site: str, rules: Mapping[str, TeamRules]
) -> dict[str, list[Running]]:
    of_facts = and_(
        SAID.team_key == FACT.team_key, SAID.site == FACT.site, SAID.sprint_id == FACT.sprint_id
    )
    figures = (FACT[name] for name in FIGURES)
    forecast = (FACT[name] for name in OUTLOOK)
    columns = (FACT.team_key, FACT.sprint_id, *figures, SPRINT.planned_end_at)
    of_sprint = and_(SPRINT.site == FACT.site, SPRINT.id == FACT.sprint_id)
    query = (
        select(*columns, *forecast, SAID.basis, SAID.said)
        .join_from(s.sprint_facts, s.sprints, of_sprint)
        .join(s.sprint_outlooks, of_facts, isouter=True)
        .where(FACT.site == site, SPRINT.state == SprintState.ACTIVE.value)
        .order_by(FACT.team_key, FACT.sprint_id)
    )
    found: dict[str, list[Running]] = {}
    for row in connection.execute(query).all():
        key, sprint_id, as_of, remaining, done, unestimated, end, *said_then, basis, said = row
        if key in rules:
            shown = [json_value(value) for value in said_then]
            one = Running(sprint_id, as_of, remaining, done, unestimated, end, shown, basis, said)
            found.setdefault(key, []).append(one)
    return found


def _read_stale(
    connection: Connection, site: str, running: Mapping[str, list[Running]]
) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for key, sprint_id in connection.execute(
        select(SAID.team_key, SAID.sprint_id).where(SAID.site == site)
    ):
        if sprint_id not in {one.sprint_id for one in running.get(key, ())}:
            found.setdefault(key, set()).add(sprint_id)
    return found


def json_value(value: Any) -> Any:
    """A day as JSON has it; anything else as it is."""
    return value.isoformat() if isinstance(value, date) else value


def read_lent(connection: Connection, now: SiteNow, key: str) -> Record:
    """A lender's record, which is kept for all to whom it lends."""
    if key not in now.records:
        now.records[key] = read_record(connection, now.site, key)
    return now.records[key]


def read_record(connection: Connection, site: str, key: str) -> Record:
    """All that a team's past days have shown."""
    rows = connection.execute(
        select(PAST.sprint_id, PAST.closed_on, PAST.days).where(
            PAST.team_key == key, PAST.site == site
        )
    )
    return Record(
        correction.from_stored(row[0], row[1], day) for row in rows.all() for day in row[2]
    )


def read_worth(connection: Connection, now: SiteNow, key: str, one: Running) -> Worth | None:
    """What the team's own past forecasts were worth; where it is lent others', what those were."""
    names = now.lenders(key)
    known = [_own_worth(connection, now, name, one.as_of) for name in names or [key]]
    return together(known) if names else known[0]


def _own_worth(connection: Connection, now: SiteNow, key: str, at: datetime) -> Worth:
    calendar = now.rules[key].calendar
    today = calendar.day_of(at)
    if (key, today) not in now.worths:
        days = connection.scalar(select(T.days).where(T.team_key == key, T.site == now.site))
        past = [hindsight.from_stored(day) for day in days or ()]
        now.worths[key, today] = hindsight.worth(past, calendar, today, today - LOOKED_BACK)
    return now.worths[key, today]
