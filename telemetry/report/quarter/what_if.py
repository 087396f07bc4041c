"""Reads what a quarter's forecast was drawn from, and forecasts it as if something were otherwise.

The records that correct it are read where they are needed, and believed while they are those that
it rests on: in the moment in which a pull writes them anew nothing is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from sqlalchemy import Connection, func, select

from telemetry.metrics import what_if as otherwise
from telemetry.metrics.kind import Kind
from telemetry.metrics.quarter import Share, Term
from telemetry.metrics.roadmap import Roadmap
from telemetry.metrics.roadmap_drivers import drivers_by_pace
from telemetry.metrics.roadmap_forecast import EpicOutlook, RoadmapOutlook
from telemetry.metrics.roadmap_outlook import EpicsLeft, epics_left
from telemetry.metrics.roadmap_runs import Known
from telemetry.metrics.what_if import Change, Usual, WhatIf
from telemetry.report.quarter.reading import Forecast
from telemetry.report.teams.team import StoredTeam
from telemetry.store import schema as s
from telemetry.store.roadmap_records import PAST, read_epics_record, read_record

NONE = RoadmapOutlook(why_none="not_running")


@dataclass(frozen=True)
class Asked:
    """A team's quarter with what is forecast of it, None where nothing is."""

    connection: Connection
    team: StoredTeam
    term: Term
    forecast: Forecast | None
    today: date

    @property
    def epics(self) -> Mapping[int, EpicOutlook]:
        """What is forecast of each epic."""
        return dict(self.forecast.outlook.epics) if self.forecast else {}

    def outlook(
        self, rates: tuple[float, float] | None, shares: tuple[Share, Share]
    ) -> RoadmapOutlook:
        """What is forecast, with what moves it that follows from sprints and hours.

        `rates` are those of earlier and later sprints, `shares` what is lost here and usually.
        """
        if self.forecast is None:
            return NONE
        said, drawn = self.forecast.outlook, self.forecast.drawn
        base = next((one.working_days for one in said.drivers if one.kind == "remaining"), None)
        if base is None or self._known is None:
            return said
        remaining = drawn.total_points - drawn.done_points
        day, here = self.forecast.day, drawn.here_count
        found = drivers_by_pace(self.term, self._known, day, remaining, base, here, rates, shares)
        return replace(said, drivers=(*said.drivers, *found))

    def usual(self, velocity: float | None, coefficient: float) -> Usual | None:
        """What a change starts from; None where nothing can be changed any more, or yet."""
        if self.forecast is None or self.forecast.outlook.why_none == "not_running":
            return None
        if not self.term.first <= self.today <= self.term.last:
            return None
        return Usual(velocity, coefficient, self._impediments(self.forecast))

    def what_if(self, usual: Usual | None, change: Change | None, found: Roadmap) -> WhatIf | None:
        """What a change makes of the quarter, if one is asked for and can be made.

        `found` is its roadmap now: while a pull writes another, nothing is told of its epics.
        """
        if self.forecast is None or usual is None or change is None or self._known is None:
            return None
        drawn, day = self.forecast.drawn, self.forecast.day
        is_same = (drawn.total_points, drawn.done_points) == (found.total_points, found.done_points)
        standing = epics_left(found) if is_same else EpicsLeft((), found.remaining_points)
        known = self._with_epics(self._known, day) if standing.epics else self._known
        asked = otherwise.Asked(self.term, drawn, known, standing, day, self.today)
        return otherwise.what_if(asked, usual, change)

    def _with_epics(self, known: Known, day: date) -> Known:
        """The same with what corrects epics, which nothing but a change asks for."""
        own, *lent = (
            read_epics_record(self.connection, self.team.rules.site, key).seen(day)
            for key in self._keys
        )
        return replace(known, own_epics=own, lent_epics=lent)

    @cached_property
    def _keys(self) -> list[str]:
        """The team and those that lent to it."""
        return [self.team.rules.key, *(self.forecast.drawn.lenders if self.forecast else ())]

    def _impediments(self, forecast: Forecast) -> Share:
        """The hours of impediments, and all, of the days that the forecast is drawn from."""
        if self.team.impediments_unknown:
            return Share(0, 0)
        if self.team.impediments_unknown is not None:
            return Share(0, 0)
        c = s.team_days.c
        rows = self.connection.execute(
            select(c.kind, func.sum(c.seconds))
            .where(c.team_key == self.team.rules.key)
            .where(c.day >= forecast.drawn.since, c.day < forecast.day)
            .group_by(c.kind)
        )
        seconds = {kind: int(amount) for kind, amount in rows}
        return Share(seconds.get(Kind.IMPEDIMENT.value, 0), sum(seconds.values()))

    @cached_property
    def _known(self) -> Known | None:
        """What the forecast rests on; None where a pull is just writing that anew."""
        if self.forecast is None:
            return None
        drawn, day, site = self.forecast.drawn, self.forecast.day, self.team.rules.site
        keys = self._keys
        query = select(PAST.team_key, PAST.digest)
        rows = self.connection.execute(query.where(PAST.site == site, PAST.team_key.in_(keys)))
        digests = {row.team_key: row.digest for row in rows}
        if [digests.get(key) for key in keys] != list(self.forecast.basis):
            return None
        own, *lent = (read_record(self.connection, site, key)[0].seen(day) for key in keys)
        return Known(drawn.pool, own, lent)
