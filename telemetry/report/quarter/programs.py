"""Reads programs: the epics of a quarter that have one label, across teams and sites."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, select

from telemetry.domain.quarter import Quarter, quarter_of, read_quarter
from telemetry.errors import NotFound
from telemetry.metrics.field_values import grains
from telemetry.metrics.forecast import NOTHING
from telemetry.metrics.quarter import BurnupDay, Roadmap, roadmap, term_of
from telemetry.metrics.roadmap_forecast import EpicOutlook
from telemetry.metrics.timeline import points
from telemetry.report.quarter.reading import read_outlook, read_rows
from telemetry.report.quarter.shapes import EpicRow, ProgramName, ProgramReport, ProgramTeam
from telemetry.report.teams.team import StoredTeam, read_configured_teams
from telemetry.store import schema as s
from telemetry.store.epics import EPIC, read_epics, read_labels


def read_programs(connection: Connection, quarter: Quarter | None) -> list[ProgramName]:
    """All programs by name, or those with epics of a quarter, with the quarters of their epics."""
    joined = s.epic_facts.join(s.teams, s.teams.c.key == EPIC.team_key)
    rows = connection.execute(
        select(EPIC.programs, EPIC.quarters).select_from(joined).where(s.teams.c.is_configured)
    )
    found: dict[str, set[Quarter]] = {}
    for programs, quarters in rows:
        known = {one for name in quarters if (one := read_quarter(name)) is not None}
        for name in programs:
            found.setdefault(name, set()).update(known)
    return [
        ProgramName(name, tuple(sorted(found[name])))
        for name in sorted(found, key=lambda name: (name.casefold(), name))
        if quarter is None or quarter in found[name]
    ]


def read_program(
    connection: Connection, name: str, quarter: Quarter | None, now: datetime
) -> ProgramReport:
    """A program's quarter, by default the one that today lies in. Raises NotFound."""
    every = [team for team in read_configured_teams(connection) if team.as_of is not None]
    parts: list[tuple[StoredTeam, Roadmap]] = []
    is_known = False
    wanted = quarter
    for team in every:
        every_label = read_labels(connection, team.rules)
        labels = {i: one for i, one in every_label.items() if name in one.programs}
        if not labels:
            continue
        is_known = True
        calendar = team.rules.calendar
        wanted = wanted or quarter_of(calendar.day_of(now), calendar.fiscal_year_start)
        found = roadmap(
            term_of(wanted, calendar), read_epics(connection, team.rules, labels), team.as_of or now
        )
        if found.epics or found.burnup:
            parts.append((team, found))
    if not is_known or wanted is None:
        raise NotFound(f"there is no program {name!r}: no epic has the label 'Project_{name}'")
    return _together(connection, name, wanted, parts)


def _together(
    connection: Connection,
    name: str,
    quarter: Quarter,
    parts: Sequence[tuple[StoredTeam, Roadmap]],
) -> ProgramReport:
    roadmaps = [found for _, found in parts]
    epics: list[EpicRow] = []
    teams: list[ProgramTeam] = []
    for team, found in parts:
        outlook, _ = read_outlook(connection, team, quarter)
        rows = read_rows(connection, team, found.epics, dict(outlook.epics))
        epics += rows
        if rows:
            teams.append(ProgramTeam(team.rules.key, team.rules.name, found, _latest(rows)))
    return ProgramReport(
        name=name,
        quarter=quarter,
        as_of=min((team.as_of for team, _ in parts if team.as_of is not None), default=None),
        epics=tuple(epics),
        teams=tuple(teams),
        total_points=_sum(one.total_points for one in roadmaps),
        in_progress_points=_sum(one.in_progress_points for one in roadmaps),
        done_points=_sum(one.done_points for one in roadmaps),
        burnup=_burnup([one.burnup for one in roadmaps]),
    )


def _latest(rows: Iterable[EpicRow]) -> EpicOutlook | None:
    """When the last of these epics is done: None where nothing is forecast of one that is not."""
    open_ = [row for row in rows if row.figures.remaining_points > NOTHING]
    known = [row.outlook for row in open_ if row.outlook is not None]
    if not known or len(known) < len(open_):
        return None
    levels = [[one.dates[place] for one in known] for place in range(3)]
    first, second, third = (
        None if None in some else max(day for day in some if day is not None) for some in levels
    )
    chances = [one.probability_percent or 0.0 for one in known]
    return EpicOutlook(min(chances), (first, second, third))


def _sum(values: Iterable[float]) -> float:
    """Points added exactly."""
    return points(sum(grains(value) or 0 for value in values))


def _burnup(every: Sequence[Sequence[BurnupDay]]) -> tuple[BurnupDay, ...]:
    """Scope and done of all teams on each day that all of them know."""
    known = [some for some in every if some]
    if not known:
        return ()
    last: date = min(some[-1].day for some in known)
    by_day: dict[date, list[BurnupDay]] = {}
    for some in known:
        for one in some:
            if one.day <= last:
                by_day.setdefault(one.day, []).append(one)
    return tuple(
        BurnupDay(
            day, _sum(one.total_points for one in some), _sum(one.done_points for one in some)
        )
        for day, some in sorted(by_day.items())
    )
