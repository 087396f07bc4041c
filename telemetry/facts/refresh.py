"""Recomputes the facts that a pull's changes touch, team by team.

One team is one transaction. Marks of what changed are forgotten only when every team is written:
a crash in between means that some facts are computed twice, never that one is missing.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, Engine, and_, delete, select

from telemetry.domain.team import TeamRules
from telemetry.facts.affected import (
    Touched,
    Window,
    affected_days,
    affected_sprints,
    all_days,
    runs,
    windows,
)
from telemetry.facts.days import write_days
from telemetry.facts.impediments import write_impediments
from telemetry.facts.source import KEPT_ISSUES, Source
from telemetry.facts.sprints import write_sprint
from telemetry.store import schema as s
from telemetry.store.engine import reading, writing
from telemetry.store.pulls import pull_lock
from telemetry.store.stale import Stale, clear_stale, read_stale_issues, read_stale_sprints
from telemetry.store.teams import TeamRecord, read_teams
from telemetry.store.tracker import read_sprints

SPRINT_TABLES = (
    s.sprint_facts,
    s.sprint_days,
    s.sprint_events,
    s.sprint_issues,
    s.sprint_time,
)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a site's history says changed since facts were last computed."""

    issues: Mapping[int, Stale]
    sprints: Mapping[int, datetime | None]  # id to the earlier of its old and new start


def refresh(
    engine: Engine,
    site: str,
    as_of: Mapping[str, datetime],
    anew: frozenset[str] = frozenset(),
) -> int:
    """Recompute what changed for the site's teams in `as_of`; the number of rows that changed.

    `as_of` maps a team's key to Jira's clock at its pull; teams in `anew` are computed whole, as
    when their rules changed. The caller holds the site's `pull_lock`.
    """
    with reading(engine) as connection:
        changes = Changes(read_stale_issues(connection, site), read_stale_sprints(connection, site))
        teams = [t for t in read_teams(connection) if t.rules.site == site]
    changed = 0
    for team in teams:
        until = as_of.get(team.rules.key) or team.as_of
        if until is None:
            continue
        with writing(engine) as connection:
            source = Source(connection, team.rules)
            if team.rules.key in anew:
                changed += _write_all(source, until)
            else:
                changed += _write_changes(source, team, changes, until)
    with writing(engine) as connection:
        clear_stale(connection, site, changes.issues, changes.sprints)
    return changed


def preview(
    engine: Engine, site: str, as_of: Mapping[str, datetime], sprint_ids: Collection[int]
) -> int:
    """Compute a few sprints of the teams in `as_of` before all their history is read.

    The marks of what changed stay: `refresh` completes what this leaves out. Returns the number
    of rows that changed.
    """
    with reading(engine) as connection:
        issue_ids = read_stale_issues(connection, site)
        teams = [t.rules for t in read_teams(connection) if t.rules.key in as_of]
    changed = 0
    for rules in teams:
        until = as_of[rules.key]
        with writing(engine) as connection:
            source = Source(connection, rules)
            sprints = read_sprints(connection, rules.site, rules.board_ids)
            known = windows(sprints, until)
            changed += write_impediments(source, issue_ids, until)[0]
            for sprint_id in known.keys() & set(sprint_ids):
                changed += write_sprint(source, known[sprint_id], until)
    return changed


def rebuild(engine: Engine) -> int:
    """Recompute all facts of all teams from history; the number of rows that differed."""
    with reading(engine) as connection:
        teams = read_teams(connection)
    changed = 0
    for site in sorted({team.rules.site for team in teams}):
        with pull_lock(engine, site):
            keys = frozenset(team.rules.key for team in teams if team.rules.site == site)
            changed += refresh(engine, site, {}, anew=keys)
    return changed


def _write_changes(source: Source, team: TeamRecord, changes: Changes, as_of: datetime) -> int:
    rules = source.rules
    sprints = read_sprints(source.connection, rules.site, rules.board_ids)
    known = windows(sprints, as_of)
    own_sprint_ids = {sprint.id for sprint in sprints}
    mine = {
        issue_id: stale
        for issue_id, stale in changes.issues.items()
        if rules.project_key in stale.project_keys or stale.sprint_ids & own_sprint_ids
    }
    children = source.children(mine)
    changed, spans = write_impediments(source, [*mine, *children], as_of)
    dropped = _written_sprints(source, changes.sprints) - known.keys()
    if dropped:
        changed += _forget(source.connection, rules, known)
    starts = [
        since
        for sprint_id, since in changes.sprints.items()
        if sprint_id in own_sprint_ids | dropped and since is not None
    ]
    others = changes.sprints.keys() - own_sprint_ids
    touched = Touched(
        sprint_ids=frozenset(i for stale in mine.values() for i in stale.sprint_ids)
        | _sharing_issues(source, others),
        instants=frozenset(
            datetime.fromtimestamp(ms / 1000, UTC)
            for stale in mine.values()
            for ms in stale.instants
        )
        | _log_starts(source, children),
        spans=spans,
        since=min(starts, default=None),
    )
    days = affected_days(touched, rules.calendar, team.as_of, as_of)
    return changed + _write(source, known, affected_sprints(known, touched), days, as_of)


def _write_all(source: Source, as_of: datetime) -> int:
    rules = source.rules
    known = windows(read_sprints(source.connection, rules.site, rules.board_ids), as_of)
    changed = _forget(source.connection, rules, known)
    own_ids = source.own_ids()
    source.read(sorted(own_ids)[-KEPT_ISSUES:])  # many at once: far quicker than sprint by sprint
    issue_ids = {*own_ids, *source.impediment_ids()}
    changed += write_impediments(source, issue_ids, as_of)[0]
    every = Touched(frozenset(known), frozenset(), ())
    days = all_days(source.survey(), as_of, rules.calendar) | source.days_written()
    return changed + _write(source, known, affected_sprints(known, every), days, as_of)


def _write(
    source: Source,
    known: Mapping[int, Window],
    affected: list[Window],
    days: set[date],
    as_of: datetime,
) -> int:
    changed = sum(write_sprint(source, window, as_of) for window in affected)
    return changed + sum(
        write_days(source, known, first, last, as_of) for first, last in runs(days)
    )


def _forget(connection: Connection, rules: TeamRules, known: Mapping[int, Window]) -> int:
    """Delete what was computed for sprints and issues that are the team's no more."""
    changed = 0
    for table in SPRINT_TABLES:
        c = table.c
        changed += connection.execute(
            delete(table).where(
                c.team_key == rules.key,
                (c.site != rules.site) | c.sprint_id.not_in(list(known)),
            )
        ).rowcount
    return changed


def _written_sprints(source: Source, sprint_ids: Iterable[int]) -> set[int]:
    """Those of the sprints that have figures of the team."""
    c = s.sprint_facts.c
    query = select(c.sprint_id).where(
        c.team_key == source.rules.key,
        c.site == source.rules.site,
        c.sprint_id.in_(list(sprint_ids)),
    )
    return set(source.connection.scalars(query))


def _sharing_issues(source: Source, sprint_ids: Iterable[int]) -> frozenset[int]:
    """The sprints that ever held an issue of these: their close tells what was carried over."""
    here, there = s.sprint_members, s.sprint_members.alias()
    query = (
        select(there.c.sprint_id)
        .distinct()
        .join_from(
            here, there, and_(there.c.site == here.c.site, there.c.issue_id == here.c.issue_id)
        )
        .where(here.c.site == source.rules.site, here.c.sprint_id.in_(list(sprint_ids)))
    )
    return frozenset(source.connection.scalars(query))


def _log_starts(source: Source, issue_ids: list[int]) -> frozenset[datetime]:
    """When work was started on these issues."""
    pairs = source.read(issue_ids)
    return frozenset(log.started_at for history, _ in pairs.values() for log in history.work_logs)
