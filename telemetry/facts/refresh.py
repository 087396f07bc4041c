"""Recomputes the facts that a pull's changes touch, team by team.

Marks of what changed are forgotten only when every team is written: a crash in between means that
some facts are computed twice, never that one is missing.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine

from telemetry.domain.models import SprintState
from telemetry.domain.team import TeamRules
from telemetry.facts.affected import windows
from telemetry.facts.marks import Marks, read_marks
from telemetry.facts.partly import (
    TeamChanges,
    write_touched,
)
from telemetry.facts.reading.shared import (
    NOTHING_SHARED,
    Shared,
    read_shared,
)
from telemetry.facts.reading.source import Source
from telemetry.facts.reading.work import TeamWork
from telemetry.facts.whole import write_whole
from telemetry.facts.writing.flow import write_flow
from telemetry.facts.writing.impediments import write_impediments
from telemetry.facts.writing.natures import (
    natures_of,
    rank_natures,
)
from telemetry.facts.writing.snapshots import take_snapshots
from telemetry.facts.writing.sprints import write_sprint
from telemetry.store.engine import reading, writing
from telemetry.store.pulls import pull_lock
from telemetry.store.stale import clear_stale, read_stale_sprints
from telemetry.store.teams import TeamRecord, read_teams
from telemetry.store.tracker import read_started_sprints

MIN_SHARED = 3  # teams: for fewer, reading in common saves nothing


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
        teams = [
            (team, until)
            for team in read_teams(connection)
            if team.rules.site == site and (until := as_of.get(team.rules.key) or team.as_of)
        ]
        marks = read_marks(connection, site, [t.rules for t, _ in teams if t.rules.key not in anew])
        sprints = read_stale_sprints(connection, site)
        partly = [(t.rules, until) for t, until in teams if _is_partly(t, marks)]
        shared = _shared(connection, site, partly)
    changed, natures = 0, set[str]()
    for team, until in teams:
        rules = team.rules
        if not _is_partly(team, marks):
            changed += write_whole(engine, rules, until)
        with writing(engine) as connection:
            source = Source(connection, rules, shared)
            if _is_partly(team, marks):
                work = TeamWork(source, shared.work)
                changes = TeamChanges(marks[rules.key], sprints, team.as_of)
                changed += write_touched(source, work, changes, until)
                changed += write_flow(source, marks[rules.key].issue_ids)
            natures |= source.natures if _is_partly(team, marks) else natures_of(source)
            if rules.key in as_of:  # a complete pull: a rebuild knows nothing new of then
                take_snapshots(source, until)
    with writing(engine) as connection:
        if teams:
            rank_natures(connection, natures, max(until for _, until in teams))
        clear_stale(connection, site)
    return changed


def preview(
    engine: Engine, site: str, as_of: Mapping[str, datetime], sprint_ids: Collection[int]
) -> int:
    """Compute a few sprints of the teams in `as_of` before all their history is read.

    The marks of what changed stay: `refresh` completes what this leaves out. Returns the number
    of rows that changed.
    """
    with reading(engine) as connection:
        teams = [
            team.rules
            for team in read_teams(connection)
            if team.rules.site == site and team.rules.key in as_of
        ]
    changed = 0
    for rules in teams:
        until = as_of[rules.key]
        with writing(engine) as connection:
            source = Source(connection, rules)
            work = TeamWork(source)
            sprints = read_started_sprints(connection, site, rules.board_ids, among=sprint_ids)
            known = {i: w for i, w in windows(sprints, until).items() if i in set(sprint_ids)}
            source.expect(known)
            for window in known.values():
                members = source.members(window.sprint.id)
                issue_ids = {*members, *source.children(members)}
                issue_ids.update(work.worked_ids(window.start, window.end))
                changed += write_impediments(source, issue_ids, until)[0]
            changed += sum(write_sprint(source, work, w, until) for w in known.values())
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


def _is_partly(team: TeamRecord, marks: Mapping[str, Marks]) -> bool:
    """Whether only what changed is computed, not all of the team."""
    found = marks.get(team.rules.key)
    return found is not None and not found.is_many


def _shared(
    connection: Connection, site: str, teams: Sequence[tuple[TeamRules, datetime]]
) -> Shared:
    if len(teams) < MIN_SHARED:
        return NOTHING_SHARED
    until = {board_id: at for rules, at in teams for board_id in rules.board_ids}
    running = [
        window
        for sprint in read_started_sprints(connection, site, until)
        if sprint.state is SprintState.ACTIVE
        for window in windows([sprint], until[sprint.board_id or 0]).values()
    ]
    return read_shared(connection, site, {rules.project_key for rules, _ in teams}, running)
