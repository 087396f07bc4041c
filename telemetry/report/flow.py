"""Reads how a team's work flowed over some days: how long it took, how much was done, what lies."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, and_, select

from telemetry.metrics.flow import (
    ONE_DAY,
    Passage,
    Percentiles,
    cumulative,
    percentiles,
    rank_of,
    throughput,
)
from telemetry.report.once import kept_by
from telemetry.report.shapes.flow import Flow, FlowItem, TypeFlow
from telemetry.report.teams.team import StoredTeam
from telemetry.report.titles import title
from telemetry.store import schema as s
from telemetry.store.tracker import read_board
from telemetry.store.upsert import chunks
from telemetry.store.values import LONG_AGO

DONE_SHOWN = 500  # points of a chart and rows of its table; more would not be told apart
LYING_SHOWN = 100


def read_flow(
    connection: Connection,
    team: StoredTeam,
    first: date,
    last: date,
    type_name: str | None = None,
    *,
    is_whole: bool = False,
) -> Flow:
    """The flow from the first day to the last, both included, at most to `as_of`.

    Where `is_whole`, no item is left out.
    """
    if team.as_of is None:
        return Flow(None, first, last, TypeFlow(type_name))
    calendar = team.rules.calendar
    start, end = calendar.day_start(first), calendar.day_end(last)
    every = read_passages(connection, team, start)
    done = [p for p in every if p.done_at is not None and p.done_at < end]
    lying = [p for p in every if p.done_at is None and p.started_at is not None]
    names = Counter(p.type_name for p in done)
    names.update(dict.fromkeys({p.type_name for p in every}, 0))
    types = [_figures(None, done, lying, team.as_of)]
    types += [
        _figures(name, _of(done, name), _of(lying, name), team.as_of)
        for name, _ in sorted(names.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    every, done, lying = (_of(some, type_name) for some in (every, done, lying))
    whole = _figures(type_name, done, lying, team.as_of)
    seen = min(last, calendar.day_of(team.as_of))
    done_on = (calendar.day_of(p.done_at) for p in done if p.done_at is not None)
    return Flow(
        as_of=team.as_of,
        first=first,
        last=last,
        whole=whole,
        types=tuple(types),
        weeks=tuple(throughput(done_on, first, seen)) if first <= seen else (),
        days=tuple(cumulative(every, first, seen, calendar)),
        done=_items(
            connection, team, _newest(done) if is_whole else _drawn(done, whole), whole, team.as_of
        ),
        in_progress=_items(
            connection,
            team,
            oldest(lying)[: None if is_whole else LYING_SHOWN],
            whole,
            team.as_of,
        ),
    )


def read_passages(
    connection: Connection, team: StoredTeam, start: datetime, before: datetime | None = None
) -> list[Passage]:
    """The items that are not done, or done since the start; of those created `before`, if given."""
    kept = kept_by(connection)
    if kept is None:
        return _read_passages(connection, team, start, before)
    every = kept.get(
        team.rules.key, "passages", lambda: _read_passages(connection, team, LONG_AGO, None)
    )
    return [
        one
        for one in every
        if (one.done_at is None or one.done_at >= start)
        and (before is None or one.created_at < before)
    ]


def _read_passages(
    connection: Connection, team: StoredTeam, start: datetime, before: datetime | None
) -> list[Passage]:
    c = s.flow_issues.c
    query = select(*(c[name] for name in Passage._fields)).where(
        c.team_key == team.rules.key, c.site == team.rules.site
    )
    if before is not None:
        query = query.where(c.created_at < before)
    parts = (c.done_at.is_(None), c.done_at >= start)  # each by its index, as one `or` is not
    return [Passage(*row) for part in parts for row in connection.execute(query.where(part)).all()]


def _of(passages: Iterable[Passage], type_name: str | None) -> list[Passage]:
    return [p for p in passages if type_name is None or p.type_name == type_name]


def _figures(
    type_name: str | None, done: Sequence[Passage], lying: Sequence[Passage], as_of: datetime
) -> TypeFlow:
    cycle_days = percentiles(p.cycle_days for p in done)
    ages = [(as_of - p.started_at) / ONE_DAY for p in lying if p.started_at is not None]
    return TypeFlow(
        type_name=type_name,
        done_count=len(done),
        never_begun_count=sum(p.started_at is None for p in done),
        in_progress_count=len(lying),
        late_count=sum(age > cycle_days.days_85 for age in ages) if cycle_days else None,
        cycle_days=cycle_days,
        lead_days=percentiles(p.lead_days for p in done),
    )


def _newest(done: Iterable[Passage]) -> list[Passage]:
    return sorted(done, key=lambda p: (p.done_at or p.created_at, p.issue_id), reverse=True)


def _drawn(done: Sequence[Passage], whole: TypeFlow) -> list[Passage]:
    """The items shown, newest first: all that took longest, and as many of the rest as fit."""
    ordered = _newest(done)
    if len(ordered) <= DONE_SHOWN:
        return ordered
    longest = {
        p.issue_id
        for p in ordered
        if _is_beyond(p.cycle_days, whole.cycle_days) or _is_beyond(p.lead_days, whole.lead_days)
    }
    rest = [p.issue_id for p in ordered if p.issue_id not in longest]
    step = len(rest) / max(1, DONE_SHOWN - len(longest))
    kept = longest | {rest[int(n * step)] for n in range(max(0, DONE_SHOWN - len(longest)))}
    return [p for p in ordered if p.issue_id in kept][:DONE_SHOWN]


def _is_beyond(days: float | None, known: Percentiles | None) -> bool:
    return days is not None and known is not None and days > known.days_95


def oldest(lying: Iterable[Passage]) -> list[Passage]:
    """Those that were begun first, first."""
    return sorted(lying, key=lambda p: (p.started_at or p.created_at, p.issue_id))


def _items(
    connection: Connection,
    team: StoredTeam,
    passages: Sequence[Passage],
    whole: TypeFlow,
    as_of: datetime,
) -> tuple[FlowItem, ...]:
    """The passages with what the tracker says of their issues now."""
    columns = _columns(connection, team)
    i, named = s.issues.c, s.statuses.c
    joined = s.issues.join(
        s.statuses, and_(named.site == i.site, named.id == i.status_id), isouter=True
    )
    query = select(i.id, i.key, i.summary, i.status_id, named.name).select_from(joined)
    said = {}
    for ids in chunks([p.issue_id for p in passages]):
        here = (i.site == team.rules.site, i.id.in_(ids))
        said.update({row.id: row for row in connection.execute(query.where(*here))})
    items = []
    for way in passages:
        row = said[way.issue_id]
        is_lying = way.done_at is None and way.started_at is not None
        age_days = (as_of - way.started_at) / ONE_DAY if is_lying and way.started_at else None
        items.append(
            FlowItem(
                id=way.issue_id,
                key=row.key,
                summary=title(connection, row.summary),
                url=team.issue_url(row.key),
                type=way.type_name,
                status=row.name or row.status_id,
                column=columns.get(row.status_id),
                created_at=way.created_at,
                started_at=way.started_at,
                done_at=way.done_at,
                cycle_days=way.cycle_days,
                lead_days=way.lead_days,
                age_days=age_days,
                passed=None if age_days is None else rank_of(age_days, whole.cycle_days),
            )
        )
    return tuple(items)


def _columns(connection: Connection, team: StoredTeam) -> dict[str, str]:
    """The column in which the team's first board that has it shows each status."""
    found: dict[str, str] = {}
    for board_id in team.rules.board_ids:
        board = read_board(connection, team.rules.site, board_id)
        for name, status_ids in board.columns if board else ():
            for status_id in status_ids:
                found.setdefault(status_id, name)
    return found
