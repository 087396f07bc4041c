"""What is forecast of the running quarters of a site's teams, once their epics are written.

As with sprints, a team's own record corrects what is simulated, and a team that has hardly one is
lent those of others. Nothing is computed where neither the epics nor the day changed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Connection, Engine, select

from telemetry.domain.team import TeamRules
from telemetry.facts.past_quarters import Allowance, read_unfinished, write_past_quarters
from telemetry.facts.programs_said import note_programs
from telemetry.facts.reading.batch import Team
from telemetry.facts.standings import current_quarter, write_standings
from telemetry.metrics import hindsight
from telemetry.metrics.correction import Record
from telemetry.metrics.epic_days import epics_days
from telemetry.metrics.epic_figures import Epic
from telemetry.metrics.epics import OUT, has_spell
from telemetry.metrics.forecast import Worth, together, worth_to_stored
from telemetry.metrics.hindsight import ALONE_FROM, Hindsight
from telemetry.metrics.quarter import term_of
from telemetry.metrics.roadmap import roadmap
from telemetry.metrics.roadmap_forecast import to_stored
from telemetry.metrics.roadmap_outlook import roadmap_outlook, usual_estimate
from telemetry.metrics.roadmap_past import BEFORE, DRAWN_FROM, drawn_days
from telemetry.metrics.roadmap_runs import Known
from telemetry.metrics.what_if import Drawn
from telemetry.store import schema as s
from telemetry.store.engine import reading, writing
from telemetry.store.epics import EPIC, read_epics, read_labels
from telemetry.store.forecasts import QUARTER, note_forecast
from telemetry.store.roadmap_records import read_epics_record, read_record
from telemetry.store.teams import raise_facts_version
from telemetry.store.upsert import replace

PAST, SAID = s.roadmap_forecasts.c, s.quarter_outlooks.c
LENDERS = 6  # teams at most
LOOKED_BACK = timedelta(days=731)


@dataclass(slots=True)
class Records:
    """What past quarters of a site's teams have shown; each is read once."""

    site: str
    rules: dict[str, TeamRules]
    counts: dict[str, int]
    digests: dict[str, str]
    known: dict[str, tuple[Record, list[Hindsight]]] = field(default_factory=dict)
    epics: dict[str, Record] = field(default_factory=dict)

    def lenders(self, key: str) -> list[str]:
        """The teams that lend to this one: none where it has enough of its own."""
        if self.counts.get(key, 0) >= ALONE_FROM:
            return []
        able = [one for one, count in self.counts.items() if count >= ALONE_FROM and one != key]
        return sorted(able, key=lambda one: (-self.counts[one], one))[:LENDERS]

    def basis(self, key: str) -> list[str | None]:
        """The records on which a team's forecast rests."""
        return [self.digests.get(name) for name in (key, *self.lenders(key))]

    def read(self, connection: Connection, key: str) -> tuple[Record, list[Hindsight]]:
        if key not in self.known:
            self.known[key] = read_record(connection, self.site, key)
        return self.known[key]

    def read_epics(self, connection: Connection, key: str) -> Record:
        if key not in self.epics:
            self.epics[key] = read_epics_record(connection, self.site, key)
        return self.epics[key]

    def worth(self, connection: Connection, key: str, today: date) -> Worth | None:
        """What the team's forecasts of past quarters were worth, or those of its lenders."""
        names = self.lenders(key)
        calendar = self.rules[key].calendar
        found = [
            hindsight.worth(self.read(connection, name)[1], calendar, today, today - LOOKED_BACK)
            for name in names or [key]
        ]
        return together(found) if names else found[0]


def write_roadmaps(
    engine: Engine, site: str, teams: Sequence[Team], allowance: Allowance | None = None
) -> int:
    """Write what is forecast of these teams' running quarters; how many rows changed.

    The allowance bounds what is forecast anew of past days; without one all is.
    """
    changed, allowance = 0, allowance or Allowance()
    with reading(engine) as connection:
        turned, unfinished = _turned(connection, site, teams), read_unfinished(connection, site)
    for team in teams:
        is_due = team.has_new_epics or team.rules.key in turned
        if is_due or (team.rules.key in unfinished and allowance.left > 0):
            with writing(engine) as connection:
                changed += write_past_quarters(connection, team, allowance)
                changed += write_standings(connection, team) if team.has_new_epics else 0
    with reading(engine) as connection:
        records = _read_records(connection, site, teams)
        due = _due(connection, site, teams, records)
    for team in due:
        with writing(engine) as connection:
            written = _write_outlook(connection, team, records)
            written += 0 if team.has_new_epics else write_standings(connection, team)
            if written:
                raise_facts_version(connection, team.rules.key)
            changed += written
    note_programs(engine, due)
    return changed


def _turned(connection: Connection, site: str, teams: Iterable[Team]) -> set[str]:
    """The teams for which another quarter began, so that one more is over."""
    query = select(SAID.team_key, SAID.quarter).where(SAID.site == site)
    told = {row.team_key: row.quarter for row in connection.execute(query)}
    keys = ((team.rules.key, str(current_quarter(team))) for team in teams)
    return {key for key, current in keys if told.get(key, current) != current}


def _read_records(connection: Connection, site: str, teams: Sequence[Team]) -> Records:
    rules = {team.rules.key: team.rules for team in teams}
    rows = connection.execute(
        select(PAST.team_key, PAST.digest, PAST.quarter_count).where(PAST.site == site)
    ).all()
    known = [row for row in rows if row.team_key in rules]
    return Records(
        site,
        rules,
        {row.team_key: row.quarter_count for row in known},
        {row.team_key: row.digest for row in known},
    )


def _due(connection: Connection, site: str, teams: Sequence[Team], records: Records) -> list[Team]:
    """The teams with epics of which another day, other epics or another record is to be told."""
    having = set(connection.scalars(select(EPIC.team_key).distinct().where(EPIC.site == site)))
    rows = connection.execute(
        select(SAID.team_key, SAID.quarter, SAID.day, SAID.basis).where(SAID.site == site)
    )
    told = {row.team_key: (row.quarter, row.day, row.basis) for row in rows}
    due = []
    for team in teams:
        key = team.rules.key
        today = team.rules.calendar.day_of(team.as_of)
        wanted = (str(current_quarter(team)), today, records.basis(key))
        is_new = team.has_new_epics or told.get(key) != wanted
        if (key in having and is_new) or (key in told and key not in having):
            due.append(team)
    return due


def _write_outlook(connection: Connection, team: Team, records: Records) -> int:
    rules = team.rules
    current, today = current_quarter(team), rules.calendar.day_of(team.as_of)
    term = term_of(current, rules.calendar)
    near = [current]
    for _ in range(BEFORE):
        near.insert(0, near[0].before())
    labels = {
        i: one
        for i, one in read_labels(connection, rules).items()
        if any(has_spell(one, quarter) for quarter in near)
    }
    epics = read_epics(connection, rules, labels)
    terms = [term_of(quarter, rules.calendar) for quarter in near]
    known_days = epics_days(epics, rules.calendar, team.as_of)
    worked = [one for one in drawn_days(terms, epics, known_days, team.as_of) if one.day < today]
    lenders = records.lenders(rules.key)
    pool = worked[-DRAWN_FROM:]
    known = Known(
        [one.moves for one in pool],
        records.read(connection, rules.key)[0].seen(today),
        [records.read(connection, name)[0].seen(today) for name in lenders],
        records.read_epics(connection, rules.key).seen(today),
        [records.read_epics(connection, name).seen(today) for name in lenders],
    )
    found = roadmap(term, epics, team.as_of)
    outlook = roadmap_outlook(term, found, known, today, _usual(epics))
    since = pool[0].day if pool else today
    drawn = Drawn(
        found.total_points,
        found.done_points,
        since,
        sum(one.day >= term.first for one in pool),
        tuple(known.pool),
        tuple(lenders),
    )
    worth = None if outlook.why_none else records.worth(connection, rules.key, today)
    said = to_stored(outlook)
    scope = {"team_key": rules.key, "site": rules.site}
    row = {
        "quarter": str(current),
        "day": today,
        "basis": records.basis(rules.key),
        "said": said,
        "drawn": drawn.to_stored(),
        "worth": None if worth is None else worth_to_stored(worth),
    }
    if outlook.why_none is None:
        kept = {name: said[name] for name in ("probability", "dates", "done", "epics")}
        kept |= {"done_points": found.done_points, "end": term.last.isoformat()}
        note_forecast(connection, rules, QUARTER, str(current), today, kept)
    return replace(connection, s.quarter_outlooks, scope, [row] if labels else [])


def _usual(epics: Sequence[Epic]) -> float | None:
    """What an estimated child of the team's epics usually has."""
    amounts = [
        one.steps[-1].points
        for epic in epics
        for one in epic.children
        if one.steps[-1].state != OUT
    ]
    return usual_estimate([amount for amount in amounts if amount])
