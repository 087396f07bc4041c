"""Which issues a query finds: candidates from an index, then every clause on each of them."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.simulator.clauses import Clauses, Test
from bot.simulator.jql import JqlError, Query, parse
from bot.simulator.past_issues import as_seen
from bot.simulator.state import Issue
from bot.simulator.world import World


def is_bounded(query: Query) -> bool:
    """Whether the query restricts anything at all; Cloud refuses those that do not."""
    return query.where is not None


def found_issues(
    world: World,
    text: str | Query,
    timezone: str,
    seen_to: int | None = None,
    *,
    epics_are_parents: bool = True,
    hidden_are_empty: bool = False,
) -> list[Issue]:
    """The visible issues that a query finds, in its order (else newest first).

    `timezone` reads the dates of the query. With `seen_to` (epoch ms) issues look as they
    did then: the search index lags behind. On Data Center `parent` finds sub-tasks only.
    Hidden projects are refused as unknown, or (`hidden_are_empty`) have no issues.
    """
    query = parse(text) if isinstance(text, str) else text
    search = Clauses(world, ZoneInfo(timezone), epics_are_parents, hidden_are_empty)
    test: Test = (lambda _: True) if query.where is None else search.test(query.where)
    numbers = None if query.where is None else search.candidates(query.where)
    late = set() if seen_to is None else set(world.touched_since(seen_to + 1))
    pool: Iterable[int] = world.issues if numbers is None else dict.fromkeys([*numbers, *late])
    found: list[Issue] = []
    for number in pool:
        issue = world.issues[number]
        if number in late and seen_to is not None:
            if issue.created_at > seen_to:
                continue
            issue = as_seen(world, issue, seen_to)
        if world.is_visible(issue) and test(issue):
            found.append(issue)
    found += [issue for issue in _gone_since(world, seen_to) if test(issue)]
    _sort(found, query)
    return found


def _gone_since(world: World, seen_to: int | None) -> list[Issue]:
    """The visible issues that were deleted after an instant, as they were then."""
    if seen_to is None:
        return []
    gone = [issue for at, issue in world.deleted_issues if at > seen_to >= issue.created_at]
    return [as_seen(world, issue, seen_to) for issue in gone if world.is_visible(issue)]


def _sort(found: list[Issue], query: Query) -> None:
    keys: dict[str, Callable[[Issue], object]] = {
        "created": lambda i: i.created_at,
        "updated": lambda i: i.updated_at,
        "id": lambda i: (i.key.rpartition("-")[0], int(i.key.rpartition("-")[2])),
        "project": lambda i: i.project,
        "status": lambda i: i.status,
    }
    if not query.order:
        found.sort(key=lambda i: (i.created_at, i.id), reverse=True)
        return
    found.sort(key=lambda i: i.id)
    for name, descends in reversed(query.order):
        if name not in keys:
            raise JqlError(f"Field '{name}' does not support sorting.")
        found.sort(key=keys[name], reverse=descends)  # type: ignore[arg-type]


def lagging(now: datetime, lag_seconds: float) -> int | None:
    """Up to which instant (epoch ms) the index has seen changes; None when it keeps up."""
    if lag_seconds <= 0:
        return None
    return int((now - timedelta(seconds=lag_seconds)).timestamp() * 1000)
