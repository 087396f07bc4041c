"""What the marks of one team's changes touch."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, select

from telemetry.domain.models import Sprint
from telemetry.facts.affected import (
    Changed,
    Window,
    affected_days,
    affected_sprints,
    runs,
    windows,
)
from telemetry.facts.marks import Marks
from telemetry.facts.reading.batch import Team
from telemetry.facts.reading.work import starts_of
from telemetry.facts.touched import Touched
from telemetry.store import schema as s
from telemetry.store.issues import read_subtask_ids
from telemetry.store.tracker import read_sprints_by_id, read_started_sprints
from telemetry.store.upsert import chunks


@dataclass(frozen=True, slots=True)
class TeamChanges:
    """What changed for one team: its issues, the site's sprints, and the time since `before`.

    `sprints` maps sprints whose own dates changed to the earlier of their starts.
    """

    marks: Marks
    sprints: Mapping[int, datetime | None]
    before: datetime | None


def touched_issues(connection: Connection, team: Team, marks: Marks) -> Touched:
    """The changed issues, and the sub-tasks whose impediments may follow from them."""
    below = read_subtask_ids(connection, team.rules.site, marks.issue_ids)
    return Touched(
        impediments=sorted({*marks.issue_ids, *below}),
        flow=sorted(marks.issue_ids),
    )


def touched_time(
    connection: Connection,
    team: Team,
    changes: TeamChanges,
    issues: Touched,
    *,
    is_complete: bool,
) -> Touched:
    """The sprints and days of the changes, once those `issues` are written: see `Team.spans`."""
    rules, marks, as_of = team.rules, changes.marks, team.as_of
    own = _own_sprints(connection, team, changes.sprints)
    dropped = _written_sprints(connection, team, changes.sprints) - windows(own, as_of).keys()
    own_ids = {sprint.id for sprint in own}
    starts = [
        since
        for sprint_id, since in changes.sprints.items()
        if sprint_id in own_ids | dropped and since is not None
    ]
    below = set(issues.impediments) - marks.issue_ids
    sharing = _sharing_issues(connection, rules.site, changes.sprints.keys() - own_ids)
    changed = Changed(
        sprint_ids=sharing | marks.sprint_ids,
        instants=marks.started | starts_of(connection, rules.site, below),
        spans=tuple(team.spans),
        since=min(starts, default=None),
    )
    days = affected_days(changed, rules.calendar, changes.before, as_of)
    known = _windows(connection, team, changed, days)
    affected = affected_sprints(known, changed)
    return Touched(
        sprints=affected,
        forecasts=affected,
        spells=list(runs(days)),
        known=known,
        dropped=[(rules.site, sprint_id) for sprint_id in sorted(dropped)],
        issues=sorted(marks.issue_ids),
        retold=sorted(changes.sprints),
        is_last=True,
        is_complete=is_complete,
        is_news=bool(marks.issue_ids or own or dropped or sharing & known.keys()),
    )


def _own_sprints(connection: Connection, team: Team, sprint_ids: Iterable[int]) -> list[Sprint]:
    """Those of the sprints whose origin is one of the team's boards."""
    found = read_sprints_by_id(connection, team.rules.site, sprint_ids)
    return [sprint for sprint in found.values() if sprint.board_id in team.rules.board_ids]


def _windows(
    connection: Connection, team: Team, changed: Changed, days: Collection[date]
) -> dict[int, Window]:
    """The windows among which the touched ones are, and all that the days lie in."""
    rules, as_of = team.rules, team.as_of
    moments = [*changed.instants, *(moment for span in changed.spans for moment in span)]
    if changed.since is not None:
        moments += [changed.since, as_of]
    if days:
        moments += [rules.calendar.day_start(min(days)), rules.calendar.day_end(max(days))]
    found = read_started_sprints(
        connection,
        rules.site,
        rules.board_ids,
        among=changed.sprint_ids,
        during=(min(moments), max(moments)) if moments else None,
    )
    return windows(found, as_of)


def _written_sprints(connection: Connection, team: Team, sprint_ids: Iterable[int]) -> set[int]:
    """Those of the sprints that have figures of the team."""
    c = s.sprint_facts.c
    found: set[int] = set()
    for ids in chunks(sorted(sprint_ids)):
        query = select(c.sprint_id).where(
            c.team_key == team.rules.key, c.site == team.rules.site, c.sprint_id.in_(ids)
        )
        found.update(connection.scalars(query))
    return found


def _sharing_issues(connection: Connection, site: str, sprint_ids: Iterable[int]) -> frozenset[int]:
    """The sprints that ever held an issue of these: their close tells what was carried over."""
    here, there = s.sprint_members, s.sprint_members.alias()
    same_issue = and_(there.c.site == here.c.site, there.c.issue_id == here.c.issue_id)
    found: set[int] = set()
    for ids in chunks(sorted(sprint_ids)):
        query = select(there.c.sprint_id).distinct().join_from(here, there, same_issue)
        query = query.where(here.c.site == site, here.c.sprint_id.in_(ids))
        found.update(connection.scalars(query))
    return frozenset(found)
