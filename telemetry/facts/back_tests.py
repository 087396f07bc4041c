"""What forecasts of epics and of programs would have come to before their record begins."""

from datetime import date, timedelta

from sqlalchemy import Connection, select

from telemetry.domain.team import TeamRules
from telemetry.metrics import epics_past
from telemetry.metrics.epics_past import Part, part_from_stored
from telemetry.metrics.judged import Past, Today, tally
from telemetry.metrics.tally import Tally
from telemetry.store import schema as s

LOOKED_BACK = timedelta(days=366)
EPICS = s.epic_forecasts.c


def is_before(one: Past, began: date, today: Today) -> bool:
    """Whether it counts: of the past year, and not of the record."""
    return today.today - LOOKED_BACK <= one.day < began


def epics_tested(connection: Connection, rules: TeamRules, began: date, today: Today) -> Tally:
    """What would have been said of a team's epics, added up."""
    here = (EPICS.team_key == rules.key, EPICS.site == rules.site)
    found = [
        (issue_id, past)
        for _, day, ahead, stored, _ in connection.scalar(select(EPICS.days).where(*here)) or ()
        for issue_id, past in epics_past.epics_tested(stored, date.fromordinal(day), ahead, today)
        if is_before(past, began, today)
    ]
    return tally((past for _, past in found), len({issue_id for issue_id, _ in found}))


def programs_tested(connection: Connection, began: date, today: Today) -> Tally:
    """What would have been said of programs, from what all teams had of them, added up."""
    parts: dict[tuple[str, int, int], list[Part]] = {}
    for stored in connection.scalars(select(EPICS.parts).order_by(EPICS.team_key, EPICS.site)):
        for quarter, place, some in stored:
            for one in some:
                name, part = part_from_stored(one)
                parts.setdefault((name, quarter, place), []).append(part)
    found = [
        (subject, past)
        for subject, past in epics_past.programs_tested(parts, today)
        if is_before(past, began, today)
    ]
    return tally((past for _, past in found), len({subject for subject, _ in found}))
