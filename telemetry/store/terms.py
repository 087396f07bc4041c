"""Rules of the business as SQL, each said once for facts, reports and data quality alike.

What a rule says of single values, without a database, stands in `telemetry.domain` and
`telemetry.metrics`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, case, exists, func, or_, true

from telemetry.domain.team import TeamRules
from telemetry.store import schema as s

ISSUE, WORK, SPAN, MATCH = s.issues.c, s.work_logs.c, s.impediments.c, s.team_matches.c
SPRINT, FACT, MEMBER = s.sprints.c, s.sprint_facts.c, s.epic_members.c
Instants = ColumnElement[datetime] | BindParameter[datetime] | datetime

ISSUE_OF_WORK = and_(ISSUE.site == WORK.site, ISSUE.id == WORK.issue_id)
EPIC_OF_MEMBER = and_(ISSUE.site == MEMBER.site, ISSUE.id == MEMBER.epic_id)
ISSUE_OF_SPAN = and_(ISSUE.site == SPAN.site, ISSUE.id == SPAN.issue_id)
# a sub-task's time is its parent's
OWNER_ID = case((ISSUE.is_subtask, func.coalesce(ISSUE.parent_id, ISSUE.id)), else_=ISSUE.id)
# closed sprints, the one closed last first
LAST_CLOSED_FIRST: tuple[ColumnElement[Any], ...] = (
    SPRINT.completed_at.desc().nulls_last(),
    SPRINT.id.desc(),
)


def present(site: str | BindParameter[str]) -> ColumnElement[bool]:
    """Issues of the site that the last full pull still reached."""
    return and_(ISSUE.site == site, ISSUE.gone_at.is_(None))


def counts_for(rules: TeamRules, issue_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Issues that count for the team: all do, unless JQL narrows it."""
    if not rules.is_narrowed:
        return true()
    return exists().where(
        MATCH.team_key == rules.key, MATCH.site == rules.site, MATCH.issue_id == issue_id
    )


def own_issues(rules: TeamRules) -> ColumnElement[bool]:
    """Issues whose time and impediments are the team's: of its project, or what JQL leaves."""
    in_project = and_(present(rules.site), ISSUE.project_key == rules.project_key)
    return and_(in_project, counts_for(rules, ISSUE.id))


def own_sprints(
    site: str | BindParameter[str], board_ids: Sequence[int] | BindParameter[int]
) -> ColumnElement[bool]:
    """A team's own sprints: those whose origin is one of its boards, not those it only lists."""
    return and_(SPRINT.site == site, SPRINT.board_id.in_(board_ids))


def figures_of(team_key: str | BindParameter[str]) -> ColumnElement[bool]:
    """The row of `sprint_facts` that a team has of a row of `sprints`."""
    return and_(FACT.team_key == team_key, FACT.site == SPRINT.site, FACT.sprint_id == SPRINT.id)


def is_lost(started_at: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Work on an impediment that was lost to it: to a flag only what began while it was on."""
    is_on = or_(SPAN.closed_at.is_(None), started_at < SPAN.closed_at)
    return or_(~SPAN.is_flag, and_(started_at >= SPAN.opened_at, is_on))


def is_open(start: Instants, end: Instants) -> ColumnElement[bool]:
    """Impediments that were open at some moment of [start, end); at `end` where both are that."""
    return and_(SPAN.opened_at < end, lasted_until(start))


def lasted_until(start: Instants) -> ColumnElement[bool]:
    """Impediments that were not closed before."""
    return or_(SPAN.closed_at.is_(None), SPAN.closed_at >= start)
