"""Which issues were ever in a sprint, now or by a change that tells its id or its name."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from telemetry.store.named import named_members
from telemetry.store.schema import sprint_members
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
