"""The plain text beside a mail's page, as we write it: Apprise makes one of it, its tables lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from typing import Any

_beside: ContextVar[str | None] = ContextVar("beside", default=None)


def take_over() -> None:
    """Let mails have the text that `beside` sets; loads what Apprise mails with."""
    base: Any = import_module("apprise.plugins.email.base")  # slow to load; only who sends pays
    convert = base.convert_between

    def converted(*given: Any, **named: Any) -> str:
        text = _beside.get()
        return str(convert(*given, **named)) if text is None else text

    base.convert_between = converted


@contextmanager
def beside(text: str) -> Iterator[None]:
    """Put this text beside the page of a mail that is sent meanwhile in this thread."""
    token = _beside.set(text)
    try:
        yield
    finally:
        _beside.reset(token)
