"""What hung at the last pull of a site, kept for the next one to ask it briefly."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from bot.jira.client import Jira
from telemetry.store.engine import reading, writing
from telemetry.store.pulls import read_cursor, write_cursor

_CURSOR = "questions that hang"


@contextmanager
def recalling(engine: Engine, jira: Jira) -> Iterator[None]:
    """Within, the site is pulled."""
    with reading(engine) as connection:
        known = read_cursor(connection, jira.site, _CURSOR) or {}
    jira.silences.recall(known)
    yield
    left = jira.silences.kept()
    if left != known:
        with writing(engine) as connection:
            write_cursor(connection, jira.site, _CURSOR, left)
