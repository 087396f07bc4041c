"""Where each quarter of a team's epics stands, for pages that show many teams at once.

What has not happened to an epic changes nothing but the quarters that run: they are written anew
with each day, until their end is known.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from telemetry.domain.quarter import Quarter, quarter_of, read_quarter
from telemetry.domain.team import TeamRules
from telemetry.facts.reading.batch import Team
from telemetry.metrics.epics import EpicLabels, has_spell
from telemetry.metrics.quarter import term_of
from telemetry.metrics.standing import Standing, standing, to_stored, unplanned
from telemetry.store import schema as s
from telemetry.store.epics import read_epics, read_labels
from telemetry.store.teams import raise_facts_version
from telemetry.store.upsert import replace

FACTS = s.quarter_facts.c
OF_NONE = ""  # the row of the epics that are of no quarter


def current_quarter(team: Team) -> Quarter:
    """The quarter that runs as of the team's data."""
    calendar = team.rules.calendar
    return quarter_of(calendar.day_of(team.as_of), calendar.fiscal_year_start)


def write_standings(connection: Connection, team: Team) -> int:
    """Write all quarters where epics changed, else those whose end is still to come."""
    rules = team.rules
    labels = read_labels(connection, rules)
    wanted = _quarters(labels)
    is_whole = team.has_new_epics
    if not is_whole:
        wanted &= _open(connection, team)
    rows = [
        {"quarter": str(one), **to_stored(_standing(connection, rules, labels, one, team.as_of))}
        for one in sorted(wanted)
    ]
    if is_whole and (of_none := _of_none(connection, rules, labels, team.as_of)).epics:
        rows.append({"quarter": OF_NONE, **to_stored(of_none)})
    scope = {"team_key": rules.key, "site": rules.site}
    within = None if is_whole else FACTS.quarter.in_([row["quarter"] for row in rows])
    changed = replace(connection, s.quarter_facts, scope, rows, within=within)
    if changed:
        raise_facts_version(connection, rules.key)
    return changed


def _quarters(labels: Mapping[int, EpicLabels]) -> set[Quarter]:
    """All that any of the epics is or was of."""
    names = {spell.quarter for one in labels.values() for spell in one.spells}
    return {found for name in names if (found := read_quarter(name)) is not None}


def _open(connection: Connection, team: Team) -> set[Quarter]:
    """Those that have begun and whose end is not written."""
    query = select(FACTS.quarter).where(
        FACTS.team_key == team.rules.key, FACTS.site == team.rules.site, FACTS.end_points.is_(None)
    )
    current = current_quarter(team)
    found = (read_quarter(name) for name in connection.scalars(query))
    return {one for one in found if one is not None and one <= current}


def _standing(
    connection: Connection,
    rules: TeamRules,
    labels: Mapping[int, EpicLabels],
    quarter: Quarter,
    as_of: datetime,
) -> Standing:
    wanted = {i: one for i, one in labels.items() if has_spell(one, quarter)}
    epics = read_epics(connection, rules, wanted)
    return standing(term_of(quarter, rules.calendar), epics, as_of)


def _of_none(
    connection: Connection, rules: TeamRules, labels: Mapping[int, EpicLabels], as_of: datetime
) -> Standing:
    wanted = {i: one for i, one in labels.items() if one.programs and not one.quarters}
    return unplanned(read_epics(connection, rules, wanted), as_of)
