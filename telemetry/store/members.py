"""Which issues were ever in a sprint or an epic, now or by a change.

Of a sprint a change tells the id or the name.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from telemetry.store.named import named_members, named_sprints
from telemetry.store.schema import epic_members, issues, sprint_members
from telemetry.store.upsert import chunks


def read_members(
    connection: Connection, site: str, sprint_ids: Iterable[int]
) -> dict[int, list[int]]:
    """The issues that were ever in these sprints, by sprint."""
    c = sprint_members.c
    found: dict[int, list[int]] = {sprint_id: [] for sprint_id in sprint_ids}
    for ids in chunks(sorted(found)):
        query = select(c.sprint_id, c.issue_id).where(c.site == site, c.sprint_id.in_(ids))
        for sprint_id, issue_id in connection.execute(query).all():
            found[sprint_id].append(issue_id)
    for sprint_id, issue_id in named_members(connection, site, found):
        if issue_id not in found[sprint_id]:
            found[sprint_id].append(issue_id)
    return found


def members_of(connection: Connection, site: str, sprint_ids: Iterable[int]) -> set[int]:
    """The issues that were ever in one of these sprints."""
    return {i for some in read_members(connection, site, sprint_ids).values() for i in some}


def sprints_above(
    connection: Connection, site: str, issue_ids: Iterable[int]
) -> Mapping[int, frozenset[int]]:
    """The sprints that the parents of sub-tasks among these issues were ever in, by sub-task."""
    i, c = issues.c, sprint_members.c
    parents: dict[int, int] = {}
    for ids in chunks(sorted(set(issue_ids))):
        below = select(i.id, i.parent_id).where(
            i.site == site, i.id.in_(ids), i.is_subtask, i.parent_id.is_not(None)
        )
        parents |= {row.id: row.parent_id for row in connection.execute(below)}
    held: dict[int, set[int]] = {}
    for ids in chunks(sorted(set(parents.values()))):
        query = select(c.issue_id, c.sprint_id).where(c.site == site, c.issue_id.in_(ids))
        for issue_id, sprint_id in connection.execute(query):
            held.setdefault(issue_id, set()).add(sprint_id)
    for issue_id, named in named_sprints(connection, site, set(parents.values())).items():
        held.setdefault(issue_id, set()).update(named)
    return {below: frozenset(held.get(above, ())) for below, above in parents.items()}


def members_of_epics(connection: Connection, site: str, epic_ids: Iterable[int]) -> set[int]:
    """The issues that were ever in one of these epics."""
    c = epic_members.c
    found: set[int] = set()
    for ids in chunks(sorted(epic_ids)):
        query = select(c.issue_id).where(c.site == site, c.epic_id.in_(ids))
        found.update(connection.scalars(query))
    return found
