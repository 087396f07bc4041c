"""Asks Jira by JQL whether anything has what a setting names."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from bot.jira.client import Jira
from telemetry.errors import TrackerError


def is_empty(jira: Jira, jql: str) -> bool:
    """Whether nothing matches: a count of none is believed only if a search finds none either."""
    if jira.count(jql) != 0:
        return False  # or it does not tell
    with suppress(TrackerError):
        return next(iter(jira.search_ids(jql)), None) is None
    return False


def sample(jira: Jira, jql: str, field: str) -> list[dict[str, Any]]:
    """The first page of what matches."""
    query = f"{jql} ORDER BY created DESC"
    try:
        pages: Iterator[list[dict[str, Any]]] = jira.search(
            query, [field], with_changelog=False, prefetch=0
        )
        page = next(pages, [])
    except TrackerError:  # figures do not need the answer
        return []
    return [issue for issue in page if isinstance(issue.get("fields"), dict)]


def clause(field: str) -> str:
    """How JQL names a field."""
    return (
        f"cf[{field.removeprefix('customfield_')}]" if field.startswith("customfield_") else field
    )
