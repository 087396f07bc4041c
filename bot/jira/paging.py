"""Complete lists from pages, and pages fetched ahead of their use."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Self, TypeVar

from telemetry.errors import TrackerUnavailable, UnexpectedAnswer

Raw = dict[str, Any]
T = TypeVar("T")

MOST_IDLE_PAGES = 2  # with nothing but what was read
MOST_VALUES = 2_000_000  # of one list: some 500 MB of ids
_most_thinned_pages = 100  # whose values permissions hide
_most_looks_back = 50
_least_look_back = 50


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a list: values with numeric ids, and whether it is the last one.

    `window` is how many positions it covers where permissions may have thinned it, else 0;
    `may_be_short` tells that only a total, which may be too great, says that more follows.
    """

    values: list[Raw]
    is_last: bool
    window: int = 0
    may_be_short: bool = False
    total: int = 0

    @classmethod
    def of(cls, answer: Raw, name: str, at: int, *, may_be_thinned: bool = False) -> Self:
        """The page at that position; Jira tells isLast, or total, or neither.

        A total is not believed: only where it is just what came with a page that has room for
        more is that the end. An empty page ends a list where no total says that more follows;
        else what it hides is passed over, up to the total.
        """
        values: list[Raw] = answer[name]
        is_last, total, size = (answer.get(key) for key in ("isLast", "total", "maxResults"))
        room = size if isinstance(size, int) and not isinstance(size, bool) and size > 0 else 0
        window = room if may_be_thinned else 0
        may_be_short = not isinstance(is_last, bool)
        counted = total if isinstance(total, int) else 0
        if may_be_short:
            end = at + len(values)
            if values:
                is_last = end == counted and len(values) != room
            else:
                is_last = not room or at + room >= counted
                window = room
        return cls(values, bool(is_last), window, may_be_short, counted if may_be_short else 0)


def pages_by_position(fetch: Callable[[int], Part], what: str) -> Iterator[list[Raw]]:
    """The distinct values of a list, page after page until the last one, though the list moves.

    Values keep their order while others come and go. Each page begins with the last value of the
    one before: where it begins with any value that was read, all before that were read too. Else
    the list has moved up, and it is read again from further up. So every value that is listed all
    the time is yielded.
    Raises UnexpectedAnswer where pages go on without anything new, TrackerUnavailable where the
    list moves too fast.
    """
    at = looks_back = idle = empty = pages = furthest = moved = 0
    is_sure = True  # that nothing is missing before the page
    seen: set[int] = set()
    passed: set[int] = set()  # since it was last read again from further up
    hollow: set[int] = set()  # where a page was empty though more follows
    while True:
        part = fetch(at)
        is_hole = not part.values and not part.is_last and at in hollow
        if not is_sure and not is_hole and not (part.values and _id(part.values[0]) in seen):
            looks_back += 1
            if looks_back > _most_looks_back:
                raise TrackerUnavailable(
                    f"{what}: they change faster than their pages can be read; try again later"
                )
            if not part.values:
                hollow.add(at)
            passed.clear()
            step = max(len(part.values), _least_look_back) << min(looks_back - 1, 16)
            at = max(at - step, 0)
            is_sure = at == 0
            del part
            continue
        new = _unseen(part.values, seen)
        passed.update(map(_id, part.values))
        check_length(len(seen), what)
        if new:
            yield new
            looks_back, idle, pages = 0, 0, pages + 1
            moved += len(new) if at <= furthest else 0
        elif at > furthest or not part.values:
            idle += 1
        empty = 0 if part.values else empty + 1
        is_whole = not new and 0 < part.total <= len(passed)  # its pages ignore their position
        if part.is_last or is_whole or (part.may_be_short and empty > MOST_IDLE_PAGES):
            return
        is_thinned = len(part.values) < part.window
        if idle > (pages + _most_thinned_pages if is_thinned else moved + MOST_IDLE_PAGES):
            raise UnexpectedAnswer(
                f"{what}: {idle} pages without anything new, none is the last; try again later, "
                "and if that stays, see that what stands before Jira passes 'startAt' on"
            )
        furthest = max(furthest, at)
        at, is_sure = _next(at, part, has_new=bool(new))
        del part, new  # not to hold this page while the next is made


def check_length(count: int, what: str) -> None:
    """Raises UnexpectedAnswer where a list has more values than can be remembered."""
    if count > MOST_VALUES:
        raise UnexpectedAnswer(
            f"{what}: more than {MOST_VALUES:,} are listed, which are more than can be held"
        )


def _unseen(values: Iterable[Raw], seen: set[int]) -> list[Raw]:
    """Those whose ids were not seen yet, each once; then they were."""
    new = []
    for value in values:
        if _id(value) not in seen:
            seen.add(_id(value))
            new.append(value)
    return new


def _id(value: Raw) -> int:
    return int(value["id"])


def _next(at: int, part: Part, *, has_new: bool) -> tuple[int, bool]:
    """Where the next page begins, and whether that is surely behind all that was read."""
    count = len(part.values)
    if not has_new and count < part.window:
        return at + part.window, True  # what is hidden there cannot be begun with
    if count > 1:
        return at + count - 1, False
    return at + 1, True  # a page of one value cannot begin with the last one


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

    The page in the caller's hands counts as one of them until it asks for the next. What `pages`
    raises is raised here. Closing or dropping this iterator stops the thread after the page
    under way. With depth 0 there is no thread.
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
            del value
            room.release()
    finally:
        stopped.set()
        room.release()
