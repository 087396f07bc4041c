"""Asks Jira several questions at once; how many at a time is the client's to limit."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, Self, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Asking:
    """Questions under way. Leaving it forgets those that have not begun."""

    def __init__(self, at_once: int) -> None:
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="pull")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: Any) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def __call__(self, question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Ask; `result()` of what is returned waits for the answer or raises what went wrong."""
        return self._pool.submit(question, *args, **kwargs)
