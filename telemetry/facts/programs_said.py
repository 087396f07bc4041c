"""What is forecast of programs, recorded once a day: the latest days of all their teams, any site.

It is said when the first of a program's teams begins a day, from what is known of the others then,
as the program's page says it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, and_, select

from telemetry.domain.quarter import Quarter
from telemetry.domain.team import unit_of
from telemetry.facts.reading.batch import Team
from telemetry.facts.standings import current_quarter
from telemetry.metrics.forecast import NOTHING
from telemetry.metrics.programs import Part, critical, last_done, together
from telemetry.metrics.quarter import term_of
from telemetry.metrics.roadmap_forecast import from_stored as outlook_from_stored
from telemetry.metrics.standing import amounts
from telemetry.metrics.standing import from_stored as standing_from_stored
from telemetry.store import schema as s
from telemetry.store.engine import reading, writing
from telemetry.store.forecasts import PROGRAM, note_forecast, read_noted_programs
from telemetry.store.teams import read_teams

FACTS, OUTLOOK, TEAM = s.quarter_facts.c, s.quarter_outlooks.c, s.teams.c


class Wanted(NamedTuple):
    """A program of a quarter."""

    name: str
    quarter: Quarter

    @property
    def subject(self) -> str:
        """Short whatever the name is, and told apart by it."""
        digest = hashlib.blake2b(self.name.encode(), digest_size=16).hexdigest()
        return f"{self.quarter} {digest}"


def note_programs(engine: Engine, teams: Sequence[Team]) -> None:
    """Record what is said of these teams' programs of their quarters, the first of each day."""
    if not teams:
        return
    with reading(engine) as connection:
        missing = _missing(connection, teams)
        said = _said(connection, missing)
    if said:
        with writing(engine) as connection:
            for one, day in missing.items():
                if one in said:
                    note_forecast(connection, None, PROGRAM, one.subject, day, said[one])


def _missing(connection: Connection, teams: Sequence[Team]) -> dict[Wanted, date]:
    running = {team.rules.key: current_quarter(team) for team in teams}
    days = {team.rules.key: team.rules.calendar.day_of(team.as_of) for team in teams}
    found: dict[Wanted, date] = {}
    for quarter in set(running.values()):
        query = select(FACTS.team_key, FACTS.programs).where(FACTS.quarter == str(quarter))
        for key, programs in connection.execute(query):
            if running.get(key) == quarter:
                for name in programs:
                    found.setdefault(Wanted(name, quarter), days[key])
    by_day: dict[date, list[str]] = {}
    for one, day in found.items():
        by_day.setdefault(day, []).append(one.subject)
    noted = {
        (day, subject)
        for day, subjects in by_day.items()
        for subject in read_noted_programs(connection, day, subjects)
    }
    return {one: day for one, day in found.items() if (day, one.subject) not in noted}


def _said(connection: Connection, wanted: Iterable[Wanted]) -> dict[Wanted, dict[str, Any]]:
    """What is to be recorded of each program whose teams all have a forecast."""
    parts: dict[Wanted, list[tuple[Part, list[int]]]] = {one: [] for one in wanted}
    if not parts:
        return {}
    for quarter in {one.quarter for one in parts}:
        for name, part, open_ids in _parts(connection, quarter):
            one = Wanted(name, quarter)
            if one in parts:
                parts[one].append((part, open_ids))
    return {one: said for one, some in parts.items() if (said := _of_program(one, some))}


def _parts(connection: Connection, quarter: Quarter) -> Iterable[tuple[str, Part, list[int]]]:
    """What each team has of each of its programs, with the epics that are open."""
    same = and_(
        OUTLOOK.team_key == FACTS.team_key,
        OUTLOOK.site == FACTS.site,
        OUTLOOK.quarter == FACTS.quarter,
    )
    joined = s.quarter_facts.join(s.quarter_outlooks, same, isouter=True)
    query = select(FACTS.team_key, FACTS.epics, OUTLOOK.said).select_from(joined)
    rules = {team.rules.key: team.rules for team in read_teams(connection)}
    for key, epics, said in connection.execute(query.where(FACTS.quarter == str(quarter))):
        if key not in rules:
            continue
        outlooks = {} if said is None else dict(outlook_from_stored(said).epics)
        every = standing_from_stored(epics, (), None, None).epics
        last = term_of(quarter, rules[key].calendar).last
        for name in sorted({name for one in every for name in one.programs}):
            mine = [one for one in every if name in one.programs]
            told = last_done(mine, outlooks)
            part = Part(key, rules[key].name, unit_of(rules[key]), last, amounts(mine), told)
            open_ids = [one.issue_id for one in mine if one.remaining_points > NOTHING]
            yield name, part, open_ids


def _of_program(one: Wanted, parts: Sequence[tuple[Part, list[int]]]) -> dict[str, Any] | None:
    found = together(part for part, _ in parts)
    latest = critical(part for part, _ in parts)
    if found is None or latest is None:
        return None
    return {
        "program": one.name,
        "quarter": str(one.quarter),
        "team": latest.key,
        "end": latest.last.isoformat(),
        "probability": found.probability_percent,
        "dates": [None if day is None else day.isoformat() for day in found.dates],
        "parts": [[part.key, open_ids] for part, open_ids in parts if open_ids],
    }
