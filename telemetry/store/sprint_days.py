"""The days of sprints, as facts have them."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy import Connection, select

from telemetry.domain.team import TeamRules
from telemetry.store import schema as s
from telemetry.store.upsert import chunks

DAY = s.sprint_days.c
T = TypeVar("T")


def read_sprint_days(
    connection: Connection, rules: TeamRules, sprint_ids: Iterable[int], make: Callable[..., T]
) -> dict[int, list[T]]:
    """The burndown's days of those of the team's sprints that have some, in order.

    `make` is a class whose slots are the columns.
    """
    columns = [DAY[name] for name in make.__slots__]  # type: ignore[attr-defined]
    found: dict[int, list[T]] = {}
    for ids in chunks(sorted(set(sprint_ids))):
        query = select(DAY.sprint_id, *columns).where(
            DAY.team_key == rules.key, DAY.site == rules.site, DAY.sprint_id.in_(ids)
        )
        for sprint_id, *values in connection.execute(query.order_by(DAY.sprint_id, DAY.day)):
            found.setdefault(sprint_id, []).append(make(*values))
    return found
