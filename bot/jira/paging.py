"""Complete lists from pages, and pages fetched ahead of their use."""

import threading
from collections.abc import Callable, Iterable, Iterator
from queue import SimpleQueue
from typing import Any, TypeVar

from telemetry.errors import UnexpectedAnswer

Raw = dict[str, Any]
T = TypeVar("T")

_most_idle_pages = 100


def values_of_all_pages(fetch: Callable[[int], Raw], what: str) -> Iterator[Raw]:
    """The distinct values of an agile list, page after page until the last one.

    `fetch` gets startAt. Permissions may thin a page, even to nothing, so that only `isLast` ends
    the list; where Jira does not send it, an empty page or `total` does.
    Raises UnexpectedAnswer where a list never ends.
    """
    start, idle = 0, 0
    seen: set[int] = set()
    while True:
        page = fetch(start)
        values = page.get("values") or []
        new = [value for value in values if value["id"] not in seen]
        seen.update(value["id"] for value in new)
        yield from new
        idle = 0 if new else idle + 1
        if idle > _most_idle_pages:
            raise UnexpectedAnswer(f"{what}: {idle} pages without anything new, none is the last")
        start += len(values) if new else int(page.get("maxResults") or 1)
        if _is_last(page, start, bool(values)):
            return


def _is_last(page: Raw, start: int, has_values: bool) -> bool:
    if isinstance(page.get("isLast"), bool):
        return bool(page["isLast"])
    total = page.get("total")
    return not has_values or (isinstance(total, int) and start >= total)


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of at most `size`, in order."""
    chunk: list[T] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def ahead(pages: Iterator[T], depth: int) -> Iterator[T]:
    """Yields what `pages` yields, made by a background thread up to `depth` pages ahead.

    What `pages` raises is raised here. Closing or dropping this iterator stops the thread after
    the page under way. With depth 0 there is no thread.
    """
    if depth < 1:
        yield from pages
        return
    made: SimpleQueue[tuple[str, Any]] = SimpleQueue()
    room = threading.Semaphore(depth)
    stopped = threading.Event()

    def produce() -> None:
        try:
            while True:
                room.acquire()
                if stopped.is_set():
                    return
                try:
                    made.put(("page", next(pages)))
                except StopIteration:
                    made.put(("end", None))
                    return
        except BaseException as error:  # the consumer's thread raises it
            made.put(("error", error))

    threading.Thread(target=produce, name="jira-pages", daemon=True).start()
    try:
        while True:
            kind, value = made.get()
            if kind == "end":
                return
            if kind == "error":
                raise value
            yield value
            room.release()
    finally:
        stopped.set()
        room.release()
