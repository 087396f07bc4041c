"""Reads a quarter of all teams: what each promised, where it stands, and of all their programs.

What no pull has changed is taken from what was read before: while the generation of a team's facts
is the same, so is what stands in them. What moves with the clock is computed from it each time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from telemetry.domain.quarter import Quarter, quarter_of, read_quarter
from telemetry.domain.team import unit_of
from telemetry.metrics.burnup import BurnupDay
from telemetry.metrics.epic_figures import EpicFigures
from telemetry.metrics.programs import Part, last_done
from telemetry.metrics.quarter import predictability, term_of
from telemetry.metrics.roadmap_forecast import EpicOutlook, RoadmapOutlook, from_stored
from telemetry.metrics.standing import Amounts, Standing, amounts
from telemetry.metrics.standing import from_stored as standing_from_stored
from telemetry.report.quarter.shapes import Portfolio, PortfolioTeam, program_of
from telemetry.report.teams.calendars import common_calendar
from telemetry.report.teams.reading import Mark, read_marked
from telemetry.report.teams.team import StoredTeam
from telemetry.report.velocity import read_paces
from telemetry.store import schema as s
from telemetry.store.upsert import chunks

FACTS, SAID = s.quarter_facts.c, s.quarter_outlooks.c
KEPT = 4  # quarters
NOT_RUNNING = RoadmapOutlook(why_none="not_running")


@dataclass(frozen=True, slots=True)
class KnownQuarter:
    """A team's quarter as one state of the store has it."""

    mark: Mark
    standing: Standing
    outlook: RoadmapOutlook
    amounts: Amounts
    programs: Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class Known:
    """What was read last: paces and quarters by team, and the quarters that there are."""

    teams: Sequence[StoredTeam] = ()
    paces: Mapping[str, tuple[Mark, float | None]] = field(default_factory=dict)
    quarters: Mapping[Quarter, Mapping[str, KnownQuarter]] = field(default_factory=dict)
    named: tuple[Quarter, ...] = ()


NOTHING_KNOWN = Known()


def read_known(
    connection: Connection, quarter: Quarter | None, now: datetime, before: Known = NOTHING_KNOWN
) -> tuple[Known, Quarter]:
    """All configured teams in a quarter, by default the running one, and which that is."""
    marked = read_marked(connection)
    teams = [team for team, _ in marked]
    calendar = common_calendar((team.rules.calendar for team in teams), now)
    wanted = quarter or quarter_of(calendar.day_of(now), calendar.fiscal_year_start)
    paces = _paces(connection, marked, before.paces)
    of_quarter = _quarters(connection, marked, wanted, before.quarters.get(wanted, {}))
    kept = {one: some for one, some in before.quarters.items() if one != wanted}
    newest = dict(list(kept.items())[-(KEPT - 1) :]) | {wanted: of_quarter}
    names = connection.scalars(select(FACTS.quarter).distinct())
    named = sorted(found for name in names if (found := read_quarter(name)) is not None)
    return Known(teams, paces, newest, tuple(named)), wanted


def _paces(
    connection: Connection,
    marked: Sequence[tuple[StoredTeam, Mark]],
    known: Mapping[str, tuple[Mark, float | None]],
) -> dict[str, tuple[Mark, float | None]]:
    marks = {team.rules.key: _of_pace(team, mark) for team, mark in marked}
    changed = [
        team
        for team, _ in marked
        if (old := known.get(team.rules.key)) is None or old[0] != marks[team.rules.key]
    ]
    read = read_paces(connection, changed)
    return {key: (mark, read[key]) if key in read else known[key] for key, mark in marks.items()}


def _of_pace(team: StoredTeam, mark: Mark) -> Mark:
    """What is done in the last weeks moves with the day of the data, too."""
    if team.rules.has_sprints or team.as_of is None:
        return mark
    return (*mark, team.rules.calendar.day_of(team.as_of))


def _quarters(
    connection: Connection,
    marked: Sequence[tuple[StoredTeam, Mark]],
    quarter: Quarter,
    known: Mapping[str, KnownQuarter],
) -> dict[str, KnownQuarter]:
    changed = {
        team.rules.key: (team, mark)
        for team, mark in marked
        if (old := known.get(team.rules.key)) is None or old.mark != mark
    }
    standings = _standings(connection, changed, quarter)
    outlooks = _outlooks(connection, changed, quarter)
    found = {}
    for team, mark in marked:
        key = team.rules.key
        if key not in changed:
            found[key] = known[key]
            continue
        standing = standings.get((key, team.rules.site), Standing())
        outlook = outlooks.get((key, team.rules.site), NOT_RUNNING)
        every = amounts(standing.epics)
        found[key] = KnownQuarter(
            mark, standing, outlook, every, _parts(team, quarter, standing.epics, outlook)
        )
    return found


def _standings(
    connection: Connection, teams: Iterable[str], quarter: Quarter
) -> dict[tuple[str, str], Standing]:
    columns = (FACTS.team_key, FACTS.site, FACTS.epics, FACTS.left_programs)
    query = select(*columns, FACTS.before_points, FACTS.end_points)
    found = {}
    for some in chunks(sorted(teams)):
        wanted = query.where(FACTS.quarter == str(quarter), FACTS.team_key.in_(some))
        for key, site, *stored in connection.execute(wanted).all():
            found[key, site] = standing_from_stored(*stored)
    return found


def _outlooks(
    connection: Connection, teams: Iterable[str], quarter: Quarter
) -> dict[tuple[str, str], RoadmapOutlook]:
    query = select(SAID.team_key, SAID.site, SAID.said).where(SAID.quarter == str(quarter))
    found = {}
    for some in chunks(sorted(teams)):
        for key, site, said in connection.execute(query.where(SAID.team_key.in_(some))).all():
            found[key, site] = from_stored(said)
    return found


def _parts(
    team: StoredTeam, quarter: Quarter, epics: Sequence[EpicFigures], outlook: RoadmapOutlook
) -> dict[str, Part]:
    """The team's part of each program."""
    rules, outlooks = team.rules, dict(outlook.epics)
    by_program: dict[str, list[EpicFigures]] = {}
    for one in epics:
        for name in one.programs:
            by_program.setdefault(name, []).append(one)
    last = quarter.last_day(rules.calendar.fiscal_year_start)
    return {
        name: Part(
            rules.key,
            rules.name,
            unit_of(rules),
            last,
            amounts(mine),
            last_done(mine, outlooks),
        )
        for name, mine in by_program.items()
    }


def portfolio(known: Known, quarter: Quarter, now: datetime, stale_after: timedelta) -> Portfolio:
    """The teams and programs of a quarter as they are now, by name."""
    calendar = common_calendar((team.rules.calendar for team in known.teams), now)
    of_quarter, month = known.quarters[quarter], calendar.fiscal_year_start
    today = calendar.day_of(now)
    parts: dict[str, list[Part]] = {}
    teams = []
    for team in known.teams:
        key = team.rules.key
        found = of_quarter[key]
        teams.append(_team(team, found, known.paces[key][1], quarter, now, stale_after))
        for name, part in found.programs.items():
            parts.setdefault(name, []).append(part)
    return Portfolio(
        quarter=quarter,
        current=quarter_of(today, month),
        timezone=calendar.timezone,
        first=quarter.first_day(month),
        last=quarter.last_day(month),
        today=today,
        working_days=calendar.working_days(quarter.first_day(month), quarter.last_day(month)),
        working_days_left=calendar.working_days(today, quarter.last_day(month)),
        as_of=min((team.as_of for team in known.teams if team.as_of is not None), default=None),
        teams=tuple(teams),
        programs=tuple(
            program_of(name, mine)
            for name, mine in sorted(parts.items(), key=lambda one: (one[0].casefold(), one[0]))
        ),
        named=known.named,
    )


def _team(
    team: StoredTeam,
    found: KnownQuarter,
    pace: float | None,
    quarter: Quarter,
    now: datetime,
    stale_after: timedelta,
) -> PortfolioTeam:
    rules, calendar = team.rules, team.rules.calendar
    term, today = term_of(quarter, calendar), calendar.day_of(now)
    end, said = found.standing.end_points, found.outlook
    outlook = EpicOutlook(said.probability_percent, said.dates) if said.why_none is None else None
    return PortfolioTeam(
        key=rules.key,
        name=rules.name,
        unit=unit_of(rules),
        freshness=team.freshness(now, stale_after),
        first=term.first,
        last=term.last,
        today=today,
        amounts=found.amounts,
        before_points=found.standing.before_points,
        at_end=None if end is None else BurnupDay(term.last, *end),
        velocity_points_per_day=pace,
        predictability=predictability(term, found.amounts.remaining_points, pace, today),
        outlook=outlook,
        programs=tuple(sorted(found.programs)),
        slipped_count=sum(one.slipped_from is not None for one in found.standing.epics),
        double_count=sum(bool(one.also_of) for one in found.standing.epics),
    )
