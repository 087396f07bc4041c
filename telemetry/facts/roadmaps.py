"""What is forecast of the running quarters of a site's teams, once their epics are written.

As with sprints, a team's own record corrects what is simulated, and a team that has hardly one is
lent those of others. Nothing is computed where neither the epics nor the day changed.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Connection, Engine, select

from telemetry.domain.quarter import Quarter, read_quarter
from telemetry.domain.team import TeamRules
from telemetry.facts.programs_said import note_programs
from telemetry.facts.reading.batch import Team
from telemetry.facts.standings import current_quarter, write_standings
from telemetry.metrics import correction, hindsight
from telemetry.metrics.correction import Record
from telemetry.metrics.epic_figures import Epic
from telemetry.metrics.epics import OUT, has_spell
from telemetry.metrics.forecast import Worth, together, worth_to_stored
from telemetry.metrics.hindsight import ALONE_FROM, Hindsight
from telemetry.metrics.quarter import Term, term_of
from telemetry.metrics.roadmap import roadmap
from telemetry.metrics.roadmap_forecast import to_stored
from telemetry.metrics.roadmap_outlook import roadmap_outlook, usual_estimate
from telemetry.metrics.roadmap_past import (
    DRAWN_FROM,
    drawn_days,
    epics_days,
    experience,
    past_days,
)
from telemetry.metrics.roadmap_runs import Known
from telemetry.metrics.what_if import Drawn
from telemetry.store import schema as s
from telemetry.store.engine import reading, writing
from telemetry.store.epics import EPIC, read_epics, read_labels
from telemetry.store.forecasts import QUARTER, note_forecast
from telemetry.store.roadmap_records import as_experience, read_record
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

    def worth(self, connection: Connection, key: str, today: date) -> Worth | None:
        """What the team's forecasts of past quarters were worth, or those of its lenders."""
        names = self.lenders(key)
        calendar = self.rules[key].calendar
        found = [
            hindsight.worth(self.read(connection, name)[1], calendar, today, today - LOOKED_BACK)
            for name in names or [key]
        ]
        return together(found) if names else found[0]


def write_roadmaps(engine: Engine, site: str, teams: Sequence[Team]) -> int:
    """Write what is forecast of these teams' running quarters; how many rows changed."""
    changed = 0
    for team in teams:
        if team.has_new_epics:
            with writing(engine) as connection:
                changed += _write_record(connection, team)
                changed += write_standings(connection, team)
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


def _write_record(connection: Connection, team: Team) -> int:
    """Write what would have been simulated on past days, where what it rests on changed."""
    rules = team.rules
    epics = read_epics(connection, rules, read_labels(connection, rules))
    past = past_days(_terms(rules, epics, current_quarter(team)), epics, team.as_of)
    keys = [hashlib.blake2b(repr(one).encode(), digest_size=12).hexdigest() for one in past]
    digest = hashlib.blake2b("".join(keys).encode(), digest_size=16).hexdigest()
    here = (PAST.team_key == rules.key, PAST.site == rules.site)
    row = connection.execute(select(PAST.digest, PAST.experiences).where(*here)).first()
    if row is not None and past and row.digest == digest:
        return 0
    known = {one[0]: one for one in row.experiences} if row is not None else {}
    stored = [
        known.get(key)
        or [
            key,
            one.quarter,
            one.closed_on.toordinal(),
            correction.to_stored(experience(one)),
        ]
        for key, one in zip(keys, past, strict=True)
    ]
    days = hindsight.hindsight([as_experience(one) for one in stored])
    made = {
        "digest": digest,
        "quarter_count": len({one.quarter for one in past}),
        "experiences": stored,
        "days": [hindsight.to_stored(day) for day in days],
    }
    scope = {"team_key": rules.key, "site": rules.site}
    return replace(connection, s.roadmap_forecasts, scope, [made] if past else [])


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
    near = {current, current.before()}
    labels = {
        i: one
        for i, one in read_labels(connection, rules).items()
        if any(has_spell(one, quarter) for quarter in near)
    }
    epics = read_epics(connection, rules, labels)
    terms = [term_of(quarter, rules.calendar) for quarter in sorted(near)]
    known_days = epics_days(epics, rules.calendar, team.as_of)
    worked = [one for one in drawn_days(terms, epics, known_days, team.as_of) if one.day < today]
    lenders = records.lenders(rules.key)
    lent = [records.read(connection, name)[0].seen(today) for name in lenders]
    pool = worked[-DRAWN_FROM:]
    known = Known(
        [one.moves for one in pool],
        records.read(connection, rules.key)[0].seen(today),
        lent,
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
