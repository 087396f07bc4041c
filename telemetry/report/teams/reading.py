"""Reads what the list of teams shows: a bounded number of statements whatever their number.

What has not changed since is taken from what was read before: while the generation of a team's
facts is the same, so are its figures. How fresh they are stands in the team's row.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import BigInteger, Connection, Row, Text, and_, func, select, type_coerce

from telemetry.domain.misfit import Misfit
from telemetry.domain.team import TeamRules
from telemetry.metrics.figures import TimeSplit
from telemetry.report.shapes.sprints import SprintName
from telemetry.report.shapes.teams import ListedFigures, ListedSprint
from telemetry.report.teams.listed import (
    PAST_REACHES,
    KnownTeam,
    PastSprint,
    TeamsList,
)
from telemetry.report.teams.team import StoredTeam
from telemetry.store import schema as s
from telemetry.store.misfits import misfits_from_json
from telemetry.store.teams import rules_from_json
from telemetry.store.terms import LAST_CLOSED_FIRST
from telemetry.store.values import instant

PAST_SHOWN = 12
FEW = 100  # teams: of more, their past is read quicker with that of all others
AT_ONCE = 5_000  # sprints: fewer names than a statement may have

_NAMES = ("id", "name", "state", "goal")
_DATES = ("started_at", "planned_end_at", "completed_at")
_FIGURES = tuple(field.name for field in fields(ListedFigures))
_TIMES = ("planned_seconds", "impediment_seconds", "off_plan_seconds")
_STAMPS = ("as_of", "pulled_at", "failed_at")

Mark = tuple[Any, ...]
Boards = Mapping[tuple[str, int], Sequence[str]]


def read_teams_list(
    connection: Connection, now: datetime, stale_after: timedelta, before: TeamsList | None = None
) -> TeamsList:
    """All configured teams by name.

    `before` is what was read last from the same store; without it, all is read.
    """
    known = {} if before is None else {one.team.rules.key: one for one in before.known}
    rows = [(_rules(row.rules), row) for row in connection.execute(_teams()).all()]
    running = _read_running(connection, _by_board(rules for rules, _ in rows))
    marks = {
        rules.key: (row.facts_version, row.rules, row.url, *map(tuple, running.get(rules.key, ())))
        for rules, row in rows
    }
    teams = [_stored(rules, row) for rules, row in rows]
    changed = [
        team
        for team in teams
        if (old := known.get(key := team.rules.key)) is None or old.mark != marks[key]
    ]
    known |= _read_changed(connection, changed, running, marks, now - PAST_REACHES, known)
    return TeamsList([_as_fresh(known[team.rules.key], team) for team in teams], stale_after)


def read_marked(connection: Connection) -> list[tuple[StoredTeam, Mark]]:
    """All configured teams by name, each with what changes when its facts or rules do."""
    rows = connection.execute(_teams()).all()
    return [
        (_stored(_rules(row.rules), row), (row.facts_version, row.rules, row.url)) for row in rows
    ]


def _as_fresh(known: KnownTeam, team: StoredTeam) -> KnownTeam:
    return known if known.team == team else replace(known, team=team)


def read_names(connection: Connection) -> list[tuple[str, str]]:
    """Key and name of each configured team, by name."""
    c = s.teams.c
    rows = connection.execute(select(c.key, c.name).where(c.is_configured).order_by(c.name, c.key))
    return [(row.key, row.name) for row in rows]


def _teams() -> Any:
    t = s.teams.c
    texts = [type_coerce(t[name], Text).label(name) for name in ("rules", "misfits")]
    stamps = [_raw(t[name]) for name in _STAMPS]
    return (
        select(*texts, t.facts_version, s.sites.c.url, *stamps, t.error)
        .join_from(s.teams, s.sites, s.sites.c.name == t.site, isouter=True)
        .where(t.is_configured)
        .order_by(t.name, t.key)
    )


@lru_cache(maxsize=8192)  # 5 µs, for each team of a list
def _rules(text: str) -> TeamRules:
    return rules_from_json(orjson.loads(text))


@lru_cache(maxsize=8192)  # 0.6 µs, likewise; more with each misfit
def _misfits(text: str | None) -> tuple[Misfit, ...]:
    return misfits_from_json(orjson.loads(text) if text else None)


def _raw(column: Any) -> Any:
    """An instant as it is stored: few of thousands are looked at."""
    return type_coerce(column, BigInteger).label(column.name)


def _instant(stored: int | None) -> datetime | None:
    return None if stored is None else instant(stored)


def _stored(rules: TeamRules, row: Row[Any]) -> StoredTeam:
    as_of, pulled_at, failed_at = _instant(row.as_of), _instant(row.pulled_at), row.failed_at
    misfits, failed = _misfits(row.misfits), _instant(failed_at)
    return StoredTeam(rules, row.url or "", as_of, pulled_at, failed, row.error, misfits)


def _by_board(teams: Iterable[TeamRules]) -> Boards:
    found: dict[tuple[str, int], list[str]] = {}
    for rules in teams:
        for board_id in rules.board_ids:
            found.setdefault((rules.site, board_id), []).append(rules.key)
    return found


def _of_sprint() -> list[Any]:
    c = s.sprints.c
    return [*(c[name] for name in _NAMES), *(_raw(c[name]) for name in _DATES)]


def _read_running(connection: Connection, boards: Boards) -> dict[str, list[Row[Any]]]:
    """The active sprints of each team that has some, the one started last first.

    Columns: site, board, `_NAMES`, `_DATES`.
    """
    c = s.sprints.c
    rows = connection.execute(
        select(c.site, c.board_id, *_of_sprint())
        .where(c.state == "active")
        .order_by(c.started_at.desc().nulls_last(), c.id.desc())
    ).all()
    found: dict[str, list[Row[Any]]] = {}
    for row in rows:
        for key in boards.get((row[0], row[1]), ()):
            found.setdefault(key, []).append(row)
    return found


def _read_changed(
    connection: Connection,
    teams: Sequence[StoredTeam],
    running: Mapping[str, Sequence[Row[Any]]],
    marks: Mapping[str, tuple[Any, ...]],
    since: datetime,
    before: Mapping[str, KnownTeam],
) -> dict[str, KnownTeam]:
    """These teams by their keys, as they are now."""
    boards = _by_board(team.rules for team in teams)
    shown = {key: rows[0] for team in teams if (rows := running.get(key := team.rules.key))}
    figures = _read_figures(connection, [(key, row.id) for key, row in shown.items()])
    last = _read_last_closed(connection, [t for t in teams if t.rules.key not in shown])
    past = _read_past(connection, boards, {team.rules.key for team in teams}, since)
    found = {}
    for team in teams:
        key = team.rules.key
        row = shown.get(key)
        past_rows, old = past.get(key, []), before.get(key)
        unknown = team.impediments_unknown
        is_same = (
            old is not None
            and old.past_rows == past_rows
            and old.team.impediments_unknown == unknown
        )
        sprint = last.get(key) if row is None else _listed(row[2:], figures.get((key, row.id)))
        if sprint is not None and sprint.figures is not None and unknown:
            sprint = replace(sprint, figures=sprint.figures.without_impediments())
        past_shown = (_past(one, is_hidden=unknown is not None) for one in past_rows)
        found[key] = KnownTeam(
            mark=marks[key],
            team=team,
            active=tuple(SprintName(one.id, one.name) for one in running.get(key, ())),
            sprint=sprint,
            past=old.past if old is not None and is_same else tuple(past_shown),
            past_rows=past_rows,
            past_since=min((one[2] for one in past_rows), default=None),
        )
    return found


def _read_figures(
    connection: Connection, wanted: Sequence[tuple[str, int]]
) -> dict[tuple[str, int], Row[Any]]:
    """The facts of sprints by their team and id, and some that nobody wanted."""
    facts, found = s.sprint_facts.c, {}
    columns = (facts.team_key, facts.sprint_id, *(facts[name] for name in _FIGURES))
    for start in range(0, len(wanted), AT_ONCE):
        keys, ids = zip(*wanted[start : start + AT_ONCE], strict=True)
        # by team first: that is how the facts' key begins
        query = select(*columns).where(facts.team_key.in_(keys), facts.sprint_id.in_(ids))
        found.update({(row[0], row[1]): row for row in connection.execute(query).all()})
    return found


def _listed(sprint: Sequence[Any], row: Sequence[Any] | None) -> ListedSprint:
    named = len(_NAMES)
    figures = None if row is None else ListedFigures(*row[2:])
    values = [*sprint[:named], *map(_instant, sprint[named:]), figures]
    return ListedSprint(*values)


def _read_past(
    connection: Connection, boards: Boards, keys: Collection[str], since: datetime
) -> dict[str, list[tuple[Any, ...]]]:
    """Of each team's sprints that closed since, the newest `PAST_SHOWN`, newest first.

    Columns: close, id, end of the facts, `_TIMES`, commitment kept.
    """
    c, facts = s.sprints.c, s.sprint_facts.c
    closed = func.coalesce(_raw(c.completed_at), 0)
    # the facts' own end narrows the scan before their sprints are looked up
    query = (
        select(
            facts.team_key,
            c.site,
            c.board_id,
            closed,
            c.id,
            _raw(facts.as_of),
            *(facts[name] for name in _TIMES),
            facts.commitment_kept_percent,
        )
        .join(s.sprints, and_(facts.site == c.site, facts.sprint_id == c.id))
        .where(facts.as_of >= since, c.state == "closed")
    )
    if len(keys) <= FEW:
        query = query.where(facts.team_key.in_(keys))
    found: dict[str, list[tuple[Any, ...]]] = {}
    # one fetch of all: thousands of single ones cost more than the statement
    for row in connection.execute(query).all() if keys else ():
        if row[0] in boards.get((row[1], row[2]), ()):
            found.setdefault(row[0], []).append(row[3:])
    return {key: sorted(rows, reverse=True)[:PAST_SHOWN] for key, rows in found.items()}


def _past(row: tuple[Any, ...], *, is_hidden: bool) -> PastSprint:
    _, _, _, *seconds, kept = row
    time = TimeSplit(*seconds)
    if is_hidden:
        time = time.without_impediments()
    return PastSprint(time.impediment_share_percent, kept)


def _read_last_closed(
    connection: Connection, teams: Sequence[StoredTeam]
) -> dict[str, ListedSprint]:
    """The last closed sprint of each of these teams, without its figures."""
    boards = _by_board(team.rules for team in teams)
    if not boards:
        return {}
    c = s.sprints.c
    place = func.row_number().over(partition_by=(c.site, c.board_id), order_by=LAST_CLOSED_FIRST)
    ranked = (
        select(c.site, c.board_id, *_of_sprint(), place.label("place"))
        .where(c.state == "closed", c.board_id.in_(sorted({board for _, board in boards})))
        .subquery()
    )
    rows = connection.execute(
        select(ranked)
        .where(ranked.c.place == 1)
        .order_by(ranked.c.completed_at.desc().nulls_last())
    )
    found: dict[str, ListedSprint] = {}
    for row in rows:
        sprint = _listed(row[2:-1], None)
        for key in boards.get((row[0], row[1]), ()):
            found.setdefault(key, sprint)
    return found
