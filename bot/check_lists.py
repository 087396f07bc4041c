"""The lists of a site that `telemetry check` holds its teams against."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bot.jira.client import Jira
from bot.pull.agreed import Agreed
from bot.pull.site_fields import asked_fields
from bot.pull.statuses import asked_statuses, statuses_of
from bot.translate import translate_statuses
from telemetry.domain.models import Status
from telemetry.errors import TrackerError
from telemetry.words import configuration as words


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows: what figures mean, by team, and the site's lists of last time."""

    agreed: Mapping[str, Agreed] = field(default_factory=dict)
    fields: Sequence[dict[str, Any]] = ()
    statuses: Mapping[str, Status] = field(default_factory=dict)


class Lists(NamedTuple):
    """Why a list was refused, each a sentence, and the lists; None where nothing tells one."""

    refused: Sequence[str]
    fields: list[dict[str, Any]] | None
    statuses: Mapping[str, Status] | None


def read_lists(jira: Jira, projects: Collection[str], known: Known) -> Lists:
    """What the site lists; where it refuses, what it listed last time, or its projects do."""
    refused: list[str] = []
    fields, statuses = _fields(jira, known, refused), _statuses(jira, projects, known, refused)
    return Lists(refused, fields, statuses)


def _fields(jira: Jira, known: Known, refused: list[str]) -> list[dict[str, Any]] | None:
    try:
        return asked_fields(jira)
    except TrackerError as error:
        if error.is_of_site:
            raise
        refused.append(words.as_last_known(str(error)) if known.fields else str(error))
        return list(known.fields) or None


def _statuses(
    jira: Jira, projects: Collection[str], known: Known, refused: list[str]
) -> Mapping[str, Status] | None:
    try:
        found = asked_statuses(jira)
    except TrackerError as error:
        if error.is_of_site:
            raise
        found = statuses_of(jira, projects)
        if not found:
            refused.append(words.as_last_known(str(error)) if known.statuses else str(error))
            return known.statuses or None
    return {one.id: one for one in translate_statuses(jira.site, found)}
