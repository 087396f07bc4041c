"""Reads what forecasts came to: those that were shown, and those that would have been before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from telemetry.metrics.tally import Tally, from_stored, together
from telemetry.report.teams.calendars import common_calendar
from telemetry.report.teams.team import read_configured_teams, read_team
from telemetry.store import schema as s
from telemetry.store.forecasts import EPIC, OF_SEVERAL, PROGRAM, QUARTER, SPRINT

OF_A_TEAM = (SPRINT, EPIC, QUARTER)  # what is forecast of one team
SCORES, SAID = s.forecast_scores.c, s.forecasts.c


@dataclass(frozen=True, slots=True)
class KindRecord:
    """Forecasts of one kind: those that were shown and recorded, and back-tests before these."""

    kind: str
    shown: Tally
    tested: Tally


@dataclass(frozen=True, slots=True)
class TeamCalibration:
    """What a team's forecasts came to, one record a kind."""

    key: str
    name: str
    kinds: tuple[KindRecord, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """What forecasts came to, of a team or of all.

    `began_on` is the first day of the record. Where nothing of it can be judged, `judged_from` is
    the day on which the first will be. `teams` are all those it is of.
    """

    as_of: datetime | None
    timezone: str
    today: date
    kinds: tuple[KindRecord, ...]
    teams: tuple[TeamCalibration, ...]
    began_on: date | None
    judged_from: date | None
    mark: tuple[object, ...] = ()  # what it was read from: the same is not read again

    @property
    def shown(self) -> Tally:
        return together(one.shown for one in self.kinds)

    @property
    def tested(self) -> Tally:
        return together(one.tested for one in self.kinds)


def read_calibration(
    connection: Connection, team_key: str | None, now: datetime, before: Calibration | None = None
) -> Calibration:
    """What forecasts came to, of a team or for None of all and of programs. Raises NotFound."""
    teams = (
        read_configured_teams(connection) if team_key is None else [read_team(connection, team_key)]
    )
    calendar = common_calendar((team.rules.calendar for team in teams), now)
    as_of = min((team.as_of for team in teams if team.as_of is not None), default=None)
    today = calendar.day_of(now)
    mark = (
        *((team.rules.key, team.rules.name) for team in teams),
        *_read_days(connection, team_key),
    )
    if before is not None and before.mark == mark:
        return replace(before, as_of=as_of, timezone=calendar.timezone, today=today)
    rows = _read_scores(connection, team_key)
    found = tuple(
        TeamCalibration(
            team.rules.key,
            team.rules.name,
            _records(OF_A_TEAM, rows.get((team.rules.key, team.rules.site), {})),
        )
        for team in teams
    )
    kinds = [_joined(kind, (team.kinds for team in found)) for kind in OF_A_TEAM]
    if team_key is None:
        kinds += _records((PROGRAM,), rows.get((OF_SEVERAL, ""), {}))
    began = min((one.shown.first_on for one in kinds if one.shown.first_on), default=None)
    judged_from = None
    if not any(one.shown.judged_count for one in kinds):
        began, judged_from = _beginning(connection, team_key)
    return Calibration(
        as_of=as_of,
        timezone=calendar.timezone,
        today=today,
        kinds=tuple(kinds),
        teams=found,
        began_on=began,
        judged_from=judged_from,
        mark=mark if any(one.shown.judged_count for one in kinds) else (),
    )


def _read_days(connection: Connection, team_key: str | None) -> list[tuple[Any, ...]]:
    """On which day each team's were judged."""
    query = select(SCORES.team_key, SCORES.site, SCORES.day)
    if team_key is not None:
        query = query.where(SCORES.team_key == team_key)
    order = query.order_by(SCORES.team_key, SCORES.site)
    return [tuple(row) for row in connection.execute(order)]


def _read_scores(
    connection: Connection, team_key: str | None
) -> dict[tuple[str, str], Mapping[str, Any]]:
    query = select(SCORES.team_key, SCORES.site, SCORES.scores)
    if team_key is not None:
        query = query.where(SCORES.team_key == team_key)
    return {(key, site): scores for key, site, scores in connection.execute(query)}


def _records(kinds: Iterable[str], scores: Mapping[str, Any]) -> tuple[KindRecord, ...]:
    return tuple(
        KindRecord(kind, *map(from_stored, scores[kind]))
        if kind in scores
        else KindRecord(kind, Tally(), Tally())
        for kind in kinds
    )


def _joined(kind: str, teams: Iterable[Iterable[KindRecord]]) -> KindRecord:
    every = [one for some in teams for one in some if one.kind == kind]
    return KindRecord(
        kind, together(one.shown for one in every), together(one.tested for one in every)
    )


def _beginning(connection: Connection, team_key: str | None) -> tuple[date | None, date | None]:
    """The first day of the record, and the one after the first day that it gave with 50 %."""
    where = [] if team_key is None else [SAID.team_key == team_key]
    began = connection.scalar(select(func.min(SAID.day)).where(*where))
    if began is None:
        return None, None
    first = connection.scalars(select(SAID.said).where(*where, SAID.day == began))
    likely = [said["dates"][0] for said in first if said["dates"][0] is not None]
    return began, date.fromisoformat(min(likely)) if likely else None
