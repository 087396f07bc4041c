"""What invented forecasts came to: kept, too bold, of few days, none yet."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

from telemetry.metrics.judged import Past, tally
from telemetry.metrics.tally import Tally, together
from telemetry.report.calibration import OF_A_TEAM, Calibration, KindRecord, TeamCalibration
from telemetry.report.shapes.teams import TeamRow
from telemetry.store.forecasts import PROGRAM
from tests.web.invented import AS_OF, TODAY

FIRST_DAY = "first"  # the team whose record began today
NOTHING = ("empty", "support")  # teams of which nothing is forecast


@cache
def _tally(first: date, days: int, bold: int) -> Tally:
    """A forecast a day whose days are kept the less the bolder it is."""
    found = []
    for place in range(days):
        took = None if place % 11 == 10 else 1 + (place * 7) % (9 + bold)
        chance = min(0.98, 0.15 + (place * 7 % 10) / 10)
        points, did = (20.0, 12.0), float(10 + place % 14)
        day = first + timedelta(days=place)
        said = (4, 9, None if place % 3 else 14)
        found.append(Past(day, 6 + place % 4, 90 - place // 2, said, chance, took, points, did))
    return tally(found, days // 9 + 1, 3 if bold else 0)


def _records(kinds: Sequence[str], key: str) -> tuple[KindRecord, ...]:
    if key in NOTHING:
        return tuple(KindRecord(kind, Tally(), Tally()) for kind in kinds)
    found = []
    for place, kind in enumerate(kinds):
        first = TODAY - timedelta(days=110)
        shown = Tally() if key == FIRST_DAY else _tally(first, 90 - 26 * place, place * 3)
        has_past = kind == "sprint" or key != FIRST_DAY  # which has no three quarters behind it
        tested = _tally(first - timedelta(days=150), 140 - place, 0) if has_past else Tally()
        found.append(KindRecord(kind, shown, tested))
    return tuple(found)


def calibration(teams: Sequence[TeamRow], team_key: str | None) -> Calibration:
    """Of all these teams, or of one."""
    of = [team for team in teams if team_key in (None, team.key)]
    found = tuple(
        TeamCalibration(team.key, team.name, _records(OF_A_TEAM, team.key)) for team in of
    )
    if team_key is None:
        records = [record for team in found for record in team.kinds]
        kinds = tuple(_joined(kind, records) for kind in OF_A_TEAM)
        kinds += _records((*OF_A_TEAM, PROGRAM), "k8s")[3:]
    else:
        kinds = found[0].kinds
    is_first_day = team_key == FIRST_DAY
    began = [one.shown.first_on for one in kinds if one.shown.first_on]
    return Calibration(
        as_of=None if team_key == "empty" else AS_OF,
        timezone="Europe/Paris",
        today=TODAY,
        kinds=kinds,
        teams=found,
        began_on=TODAY if is_first_day else min(began, default=None),
        judged_from=TODAY + timedelta(days=9) if is_first_day else None,
    )


def _joined(kind: str, records: Sequence[KindRecord]) -> KindRecord:
    mine = [one for one in records if one.kind == kind]
    return KindRecord(
        kind, together(one.shown for one in mine), together(one.tested for one in mine)
    )
