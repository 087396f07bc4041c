"""Recomputes the facts that a pull's changes touch, team by team.

Marks of what changed are forgotten only when every team is written: a crash in between means that
some facts are computed twice, never that one is missing.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError

from telemetry.domain.models import SprintState
from telemetry.domain.team import TeamRules
from telemetry.errors import SiteBusy, StoreError, TelemetryError, TrackerError
from telemetry.facts.affected import Window, in_order, windows
from telemetry.facts.marks import Marks, read_marks
from telemetry.facts.outlooks import write_outlooks
from telemetry.facts.partly import TeamChanges, touched_issues, touched_time
from telemetry.facts.past_quarters import AT_ONCE, Allowance
from telemetry.facts.reading.batch import Batch, Team
from telemetry.facts.reading.listing import Listing
from telemetry.facts.reading.shared import (
    NOTHING_SHARED,
    Shared,
    read_all_work,
    read_shared,
)
from telemetry.facts.reading.work import rows_of
from telemetry.facts.roadmaps import write_roadmaps
from telemetry.facts.scores import write_scores
from telemetry.facts.touched import Touched
from telemetry.facts.whole import all_of, forget_other_sites
from telemetry.facts.writing import write_batch
from telemetry.facts.writing.natures import rank_natures
from telemetry.store.engine import reading, writing
from telemetry.store.facts import note_recompute, read_noted
from telemetry.store.healing import forget_odd_facts
from telemetry.store.issues import read_subtask_ids
from telemetry.store.members import members_of
from telemetry.store.pulls import pull_lock
from telemetry.store.stale import clear_stale, read_stale_sprints
from telemetry.store.teams import (
    TeamRecord,
    raise_facts_version,
    raise_facts_version_of_site,
    read_team,
    read_teams,
)
from telemetry.store.tracker import read_started_sprints

MIN_SHARED = 3  # teams: for fewer, reading in common saves nothing
Check = Callable[[], None]
Broken = Callable[[str, Exception], None]


def _always() -> None:
    """Nothing is about to end."""


def refresh(
    engine: Engine,
    site: str,
    as_of: Mapping[str, datetime],
    anew: frozenset[str] = frozenset(),
    may_go_on: Check = _always,
    broken: Broken | None = None,
) -> int:
    """Recompute what changed for the site's teams in `as_of`; the number of rows that changed.

    `as_of` maps a team's key to Jira's clock at its pull; teams in `anew` are computed whole, as
    when their rules changed. The caller holds the site's `pull_lock`; `may_go_on` is called before
    each portion, and may raise. A team whose figures cannot be computed is noted to be computed
    anew, and told to `broken`, where that is given.
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
        whole = [(t.rules, until) for t, until in teams if not _is_partly(t, marks)]
        all_work = _all_work(connection, site, whole)
    changed, natures, listing, written = 0, set[str](), Listing(), list[Team]()
    for record, until in teams:
        key = record.rules.key
        is_partly = _is_partly(record, marks)
        team = Team(record.rules, until, shared if is_partly else all_work, listing)
        with _noting(engine, team, broken):
            # a rebuild knows nothing new of the moment of a complete pull
            if is_partly:
                changes = TeamChanges(marks[key], sprints, record.as_of)
                may_go_on()
                changed += _write_changes(engine, team, changes, is_complete=key in as_of)
            else:
                changed += _write_whole(engine, team, may_go_on, is_complete=key in as_of)
        team.timelines.clear()
        team.impediments = None
        natures |= team.natures
        written.append(team)
    changed += write_outlooks(engine, site, written)
    changed += write_roadmaps(engine, site, written, Allowance(AT_ONCE) if as_of else None)
    changed += write_scores(engine, site, written)
    with writing(engine) as connection:
        if teams and rank_natures(connection, natures, max(until for _, until in teams)):
            raise_facts_version_of_site(connection, site)
        clear_stale(connection, site)
    return changed


@contextmanager
def _noting(engine: Engine, team: Team, broken: Broken | None) -> Iterator[None]:
    """Take what goes wrong within for the team's own, but for store and tracker."""
    try:
        yield
    except (StoreError, TrackerError, OperationalError, InterfaceError):
        raise
    except Exception as error:
        if broken is None:
            raise
        with writing(engine) as connection:
            note_recompute(connection, team.rules.site, team.rules.key, True)
        broken(team.rules.key, error)


def _write_changes(engine: Engine, team: Team, changes: TeamChanges, *, is_complete: bool) -> int:
    """Compute again what changed, in one transaction; the number of rows that changed."""
    with writing(engine) as connection:
        issues = touched_issues(connection, team, changes.marks)
        changed = _write(connection, team, issues.parts())
        time = touched_time(connection, team, changes, issues, is_complete=is_complete)
        changed += _write(connection, team, time.parts())
        if time.is_news:
            raise_facts_version(connection, team.rules.key)
        return changed


def _write_whole(engine: Engine, team: Team, may_go_on: Check, *, is_complete: bool) -> int:
    """Compute all of the team anew, each part in a transaction; the number of rows that changed.

    Other writers get their turn in between. A crash leaves some facts old and some new: whoever
    asked for all of them must ask again, as a pull does whose note on the team is still there.
    """
    with writing(engine) as connection:
        changed = forget_odd_facts(connection, team.rules.key)
        changed += forget_other_sites(connection, team.rules)
        every = all_of(connection, team, is_complete=is_complete)
        if changed:
            raise_facts_version(connection, team.rules.key)
    for part in every.parts():
        may_go_on()
        with writing(engine) as connection:
            changed += _write(connection, team, [part])
    return changed


def _write(connection: Connection, team: Team, parts: Iterable[Touched]) -> int:
    """Write these parts, and begin a new generation of the team's facts if any changed."""
    changed = sum(write_batch(Batch(connection, team, part)) for part in parts)
    if changed:
        raise_facts_version(connection, team.rules.key)
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
        team = Team(rules, as_of[rules.key])
        with writing(engine) as connection:
            found = read_started_sprints(connection, site, rules.board_ids, among=sprint_ids)
            known = {i: w for i, w in windows(found, team.as_of).items() if i in set(sprint_ids)}
            some = Touched(
                impediments=_impeding(connection, rules, known), sprints=in_order(known.values())
            )
            changed += _write(connection, team, some.parts())
    return changed


def _impeding(connection: Connection, rules: TeamRules, known: Mapping[int, Window]) -> list[int]:
    """The issues whose impediments count in these sprints."""
    inside = members_of(connection, rules.site, known)
    worked = {
        issue_id
        for window in known.values()
        for issue_id in rows_of(connection, rules, window.start, window.end)[:, 0].tolist()
    }
    return sorted({*inside, *worked, *read_subtask_ids(connection, rules.site, inside)})


def rebuild(engine: Engine) -> int:
    """Recompute all facts of all teams from history; the number of rows that differed."""
    with reading(engine) as connection:
        teams = read_teams(connection)
    changed, failed = 0, dict[str, str]()
    for site in sorted({team.rules.site for team in teams}):
        with pull_lock(engine, site):
            keys = frozenset(team.rules.key for team in teams if team.rules.site == site)
            changed += _compute_anew(engine, site, keys, failed)
    if failed:
        told = ", ".join(f"{key} ({name})" for key, name in sorted(failed.items()))
        raise TelemetryError(
            f"figures could not be computed of team {told}; those of the others are, and the next "
            "pull tries again: if it stays, report this sentence"
        )
    return changed


def compute_due(engine: Engine, may_go_on: Check = _always, only: str | None = None) -> int:
    """Compute the teams anew that are noted, as after an upgrade; the number of rows that changed.

    A site that somebody pulls is left to them: a pull computes the noted teams as well, and tells
    of those that cannot be computed. `may_go_on` is called as by `refresh`; `only` names the site,
    if not all are meant.
    """
    with reading(engine) as connection:
        known: dict[str, list[str]] = {}
        for team in read_teams(connection):
            if team.as_of is not None and only in (None, team.rules.site):
                known.setdefault(team.rules.site, []).append(team.rules.key)
        noted = {site: read_noted(connection, site, keys) for site, keys in known.items()}
    changed = 0
    for site, keys in noted.items():
        if keys:
            with suppress(SiteBusy), pull_lock(engine, site):
                changed += _compute_anew(engine, site, keys, {}, may_go_on)
    return changed


def _compute_anew(
    engine: Engine,
    site: str,
    team_keys: frozenset[str],
    failed: dict[str, str],
    may_go_on: Check = _always,
) -> int:
    """Compute these teams whole, as far as they were pulled, and take their notes away.

    Those that could not be computed come into `failed`, and keep theirs.
    """

    def broken(key: str, error: Exception) -> None:
        failed[key] = type(error).__name__

    changed = refresh(engine, site, {}, team_keys, may_go_on, broken)
    with writing(engine) as connection:
        for key in read_noted(connection, site, team_keys - failed.keys()):
            team = read_team(connection, key)
            if team is not None and team.as_of is not None:
                note_recompute(connection, site, key, False)
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


def _all_work(
    connection: Connection, site: str, teams: Sequence[tuple[TeamRules, datetime]]
) -> Shared:
    if len(teams) < MIN_SHARED:
        return NOTHING_SHARED
    keys = {rules.project_key for rules, _ in teams}
    return read_all_work(connection, site, keys, max(until for _, until in teams))
