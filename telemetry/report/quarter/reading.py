"""Reads what the tracker says of epics now, and what is forecast of quarters."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, select

from telemetry.domain.quarter import Quarter, read_quarter
from telemetry.metrics.epic_figures import EpicFigures
from telemetry.metrics.epics import EpicLabels
from telemetry.metrics.forecast import Worth, worth_from_stored
from telemetry.metrics.roadmap_forecast import EpicOutlook, RoadmapOutlook, from_stored
from telemetry.metrics.what_if import Drawn, drawn_from_stored
from telemetry.report.quarter.shapes import EpicRow
from telemetry.report.teams.team import StoredTeam
from telemetry.report.titles import title
from telemetry.store import schema as s
from telemetry.store.upsert import chunks


def quarters_known(labels: Iterable[EpicLabels]) -> list[Quarter]:
    """The quarters that epics are or were of, in order."""
    names = {spell.quarter for one in labels for spell in one.spells}
    return sorted(found for name in names if (found := read_quarter(name)) is not None)


def read_rows(
    connection: Connection,
    team: StoredTeam,
    figures: Sequence[EpicFigures],
    outlooks: Mapping[int, EpicOutlook],
) -> tuple[EpicRow, ...]:
    """The epics with what the tracker says of them now, and what is forecast of each."""
    said = _said(connection, team, [one.issue_id for one in figures])
    return tuple(
        EpicRow(
            key,
            title(connection, summary),
            team.issue_url(key),
            status,
            one,
            team.rules.key,
            outlooks.get(one.issue_id),
        )
        for one in figures
        for key, summary, status in (said[one.issue_id],)
    )


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is forecast of a running quarter from a day on, what of, and what that is worth."""

    day: date
    basis: Sequence[str | None]
    outlook: RoadmapOutlook
    drawn: Drawn
    worth: Worth | None


def read_forecast(connection: Connection, team: StoredTeam, quarter: Quarter) -> Forecast | None:
    """What is forecast of a quarter; of any but the running one nothing."""
    c = s.quarter_outlooks.c
    row = connection.execute(
        select(c.day, c.basis, c.said, c.drawn, c.worth).where(
            c.team_key == team.rules.key,
            c.site == team.rules.site,
            c.quarter == str(quarter),
        )
    ).first()
    if row is None:
        return None
    worth = None if row.worth is None else worth_from_stored(row.worth)
    said, drawn = from_stored(row.said), drawn_from_stored(row.drawn)
    return Forecast(row.day, row.basis, said, drawn, worth)


def _said(
    connection: Connection, team: StoredTeam, ids: Collection[int]
) -> dict[int, tuple[str, str, str]]:
    i, named = s.issues.c, s.statuses.c
    joined = s.issues.join(
        s.statuses, and_(named.site == i.site, named.id == i.status_id), isouter=True
    )
    query = select(i.id, i.key, i.summary, i.status_id, named.name).select_from(joined)
    found = {}
    for some in chunks(sorted(ids)):
        for row in connection.execute(query.where(i.site == team.rules.site, i.id.in_(some))):
            found[row.id] = (row.key, row.summary, row.name or row.status_id)
    return found
