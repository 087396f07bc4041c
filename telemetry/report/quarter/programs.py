"""Reads programs: the epics of a quarter that have one label, across teams and sites."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from telemetry.domain.calendar import Calendar
from telemetry.domain.quarter import Quarter, quarter_of, read_quarter
from telemetry.domain.team import unit_of
from telemetry.errors import NotFound
from telemetry.metrics.epic_figures import EpicFigures
from telemetry.metrics.epics import has_spell
from telemetry.metrics.forecast import Worth
from telemetry.metrics.programs import Part, amounts_of, burnup_of, critical, last_done
from telemetry.metrics.quarter import term_of
from telemetry.metrics.roadmap import Roadmap, roadmap
from telemetry.metrics.standing import amounts, from_stored
from telemetry.report.quarter.reading import read_forecast, read_rows
from telemetry.report.quarter.shapes import EpicRow, ProgramName, ProgramQuarter, ProgramReport
from telemetry.report.teams.calendars import common_calendar
from telemetry.report.teams.team import StoredTeam, read_configured_teams
from telemetry.store import schema as s
from telemetry.store.epics import read_epics, read_labels
from telemetry.store.upsert import chunks

FACTS, TEAM = s.quarter_facts.c, s.teams.c


def read_programs(connection: Connection, quarter: Quarter | None) -> list[ProgramName]:
    """All programs by name, or those with epics of a quarter, with the quarters of their epics."""
    found: dict[str, set[Quarter]] = {}
    for name_of_quarter, programs in connection.execute(_configured(FACTS.quarter, FACTS.programs)):
        of = read_quarter(name_of_quarter)
        for name in programs:
            found.setdefault(name, set()).update(() if of is None else (of,))
    return [
        ProgramName(name, tuple(sorted(found[name])))
        for name in sorted(found, key=lambda name: (name.casefold(), name))
        if quarter is None or quarter in found[name]
    ]


@dataclass(frozen=True, slots=True)
class OfTeam:
    """What a team has of a program in a quarter."""

    part: Part
    roadmap: Roadmap
    epics: tuple[EpicRow, ...]
    as_of: datetime | None
    calendar: Calendar
    worth: Worth | None


def read_program(
    connection: Connection, name: str, quarter: Quarter | None, now: datetime
) -> ProgramReport:
    """A program's quarter, by default the one that today lies in. Raises NotFound."""
    having = _having(connection, name)
    teams = {
        team.rules.key: team
        for team in read_configured_teams(connection)
        if team.rules.key in having and team.as_of is not None
    }
    if not teams:
        raise NotFound(f"there is no program {name!r}: no epic has the label 'Project_{name}'")
    calendars = [team.rules.calendar for team in teams.values()]
    common = common_calendar(calendars, now)
    current = quarter_of(common.day_of(now), common.fiscal_year_start)
    wanted = quarter or current
    found = [
        _of_team(connection, team, name, wanted)
        for key, team in teams.items()
        if str(wanted) in having[key]
    ]
    parts = [one.part for one in found if one.epics]
    latest = critical(parts)
    of_latest = next((one for one in found if latest and one.part is latest), None)
    before = burnup_of([one.roadmap.before] for one in found if one.roadmap.before is not None)
    calendar = of_latest.calendar if of_latest else common
    term = term_of(wanted, calendar)
    return ProgramReport(
        name=name,
        quarter=wanted,
        current=current,
        first=term.first,
        last=term.last,
        today=calendar.day_of(now),
        calendar=calendar,
        as_of=min((one.as_of for one in found if one.as_of is not None), default=None),
        epics=tuple(row for one in found for row in one.epics),
        teams=tuple(parts),
        amounts=amounts_of(one.amounts for one in parts),
        burnup=burnup_of(one.roadmap.burnup for one in found),
        before=before[-1] if before else None,
        quarters=_quarters(connection, teams, name),
        worth=of_latest.worth if of_latest else None,
    )


def _of_team(connection: Connection, team: StoredTeam, name: str, quarter: Quarter) -> OfTeam:
    rules, calendar = team.rules, team.rules.calendar
    labels = {i: one for i, one in read_labels(connection, rules).items() if name in one.programs}
    labels = {i: one for i, one in labels.items() if has_spell(one, quarter)}
    term = term_of(quarter, calendar)
    as_of = team.as_of or calendar.day_start(term.first)
    found = roadmap(term, read_epics(connection, rules, labels), as_of)
    forecast = read_forecast(connection, team, quarter)
    outlooks = dict(forecast.outlook.epics) if forecast else {}
    worth = forecast.worth if forecast else None
    part = Part(
        rules.key,
        rules.name,
        unit_of(rules),
        term.last,
        amounts(found.epics),
        last_done(found.epics, outlooks),
    )
    rows = read_rows(connection, team, found.epics, outlooks)
    return OfTeam(part, found, rows, team.as_of, calendar, worth)


def _configured(*columns: Any) -> Select[Any]:
    joined = s.quarter_facts.join(s.teams, TEAM.key == FACTS.team_key)
    return select(*columns).select_from(joined).where(TEAM.is_configured)


def _having(connection: Connection, name: str) -> dict[str, set[str]]:
    """The quarters of the program's epics, those that they left among them, by team."""
    columns = (FACTS.team_key, FACTS.quarter, FACTS.programs, FACTS.left_programs)
    found: dict[str, set[str]] = {}
    for key, quarter, programs, left in connection.execute(_configured(*columns)):
        if name in programs or name in left:
            found.setdefault(key, set()).add(quarter)
    return found


def _quarters(
    connection: Connection, teams: Collection[str], name: str
) -> tuple[ProgramQuarter, ...]:
    """What the program has in each quarter, the newest first, then what is of none."""
    columns = (FACTS.quarter, FACTS.epics, FACTS.left_programs, FACTS.programs)
    found: dict[str, list[EpicFigures]] = {}
    for some in chunks(sorted(teams)):
        query = _configured(*columns).where(FACTS.team_key.in_(some))
        for quarter, epics, left, programs in connection.execute(query):
            if name in programs:
                every = from_stored(epics, left, None, None).epics
                mine = [one for one in every if name in one.programs]
                found.setdefault(quarter, []).extend(mine)
    known = {read_quarter(text): amounts(some) for text, some in found.items()}
    of_none = known.pop(None, None)
    rows = [ProgramQuarter(one, known[one]) for one in sorted(filter(None, known), reverse=True)]
    return (*rows, *([ProgramQuarter(None, of_none)] if of_none else []))
