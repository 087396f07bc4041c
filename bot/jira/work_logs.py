"""The site-wide lists of changed and deleted work logs."""

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.jira.http.answers import Refusals
from bot.jira.http.shapes import (
    a_list_with,
    list_of,
)
from bot.jira.http.transport import Transport
from bot.jira.paging import MOST_IDLE_PAGES, Raw, check_length, chunks
from telemetry.errors import NotInTracker, TrackerError, UnexpectedAnswer

MOST_SMALL_PAGES = 100
LEAST_A_PAGE = 3  # of a thousand that Jira gives, where more follow
LATEST_MILLISECONDS = 4_102_444_800_000  # 2100


def changed_work_logs(
    transport: Transport, path: str, since: datetime
) -> tuple[list[int], datetime]:
    """The distinct ids changed since then, oldest change first, and the instant to go on from.

    Jira leaves out its last minute, and its next page's address may not be ours: pages are
    rebuilt from `until`. Raises NotInTracker where the server lacks these lists.
    """
    asked = int(since.timestamp() * 1000)
    ids: dict[int, None] = {}
    idle = pages = 0
    while True:
        refusals, shape = _lacking(transport, path), list_of("values", "worklogId")
        page = transport.get(path, {"since": asked}, refusals, shape)
        known = len(ids)
        check_length(known, f"{transport.url}{path}")
        ids |= {int(value["worklogId"]): None for value in page["values"]}
        idle = 0 if len(ids) > known else idle + 1
        until = page.get("until")
        is_instant = isinstance(until, int) and asked < until <= LATEST_MILLISECONDS
        until = until if is_instant else asked
        if page.get("lastPage", True):
            return list(ids), datetime.fromtimestamp(until / 1000, UTC)
        pages += 1
        is_creeping = pages > MOST_SMALL_PAGES and len(ids) < pages * LEAST_A_PAGE
        if until <= asked or idle >= MOST_IDLE_PAGES or is_creeping:
            raise UnexpectedAnswer(
                f"{transport.url} gave pages of {path} that lead nowhere (until {until}); "
                "pull everything with --full"
            )
        asked = until
        del page


def issues_of_work_logs(transport: Transport, path: str, ids: Iterable[int]) -> dict[int, int]:
    """The issue id of each work log that exists and is visible; NotInTracker as above."""
    found: dict[int, int] = {}
    for some in chunks(ids, 1000):
        logs: list[Raw] = transport.post(
            path, {"ids": some}, _lacking(transport, path), a_list_with("id", "issueId")
        )
        found |= {int(log["id"]): int(log["issueId"]) for log in logs}
    return found


def _lacking(transport: Transport, path: str) -> Refusals:
    """NotInTracker for every way in which servers without these lists refuse them."""

    def error(words: str) -> TrackerError:
        return NotInTracker(f"{transport.url} has no {path} ({words}): pull with --full instead")

    return dict.fromkeys((400, 404, 405, 410, 501), error)
