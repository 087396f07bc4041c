"""What an issue had in fields that Jira no longer shows of it stays as last known. Pure.

Jira shows an empty field as null, and a field that is deleted, hidden or out of context not at
all: that tells nothing of its value.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from bot.translate.fields import FieldRoles
from bot.translate.values import Raw
from telemetry.domain.models import Field, Issue, IssueHistory

_sprint_names = ("sprint", "closedSprints")
T = TypeVar("T")
Counted = Callable[[str, str], bool]
"""(field, project) → whether a team of the project counts the field."""


def shows_sprints(raw: Raw, roles: FieldRoles) -> bool:
    """Whether the answer tells the issue's sprints, be it that there are none."""
    fields = raw["fields"]
    return any(name in fields for name in (roles.sprint or "", *_sprint_names))


def hides_some(raw: Raw, roles: FieldRoles) -> bool:
    """Whether a field that was asked for is not shown of the issue."""
    asked = (*roles.estimates, *roles.natures, *((roles.flagged,) if roles.flagged else ()))
    fields = raw["fields"]
    return any(one not in fields for one in asked) or not shows_sprints(raw, roles)


def with_hidden(
    history: IssueHistory, raw: Raw, roles: FieldRoles, known: Issue, is_counted: Counted
) -> tuple[IssueHistory, tuple[str, ...]]:
    """The issue with what was known of fields not shown now, and what these are.

    Where its history tells such a field, that is believed; one that no team counts is not named.
    """
    fields, issue, changes = raw["fields"], history.issue, history.changes
    changed = {(one.field, one.field_id) for one in changes}
    told = {field for field, _ in changed}
    names = dict(roles.names)
    named: list[str] = []
    estimates = _lacking(roles.estimates, fields, known.estimates)
    natures = _lacking(roles.natures, fields, known.natures)
    counted = [one for one in (*estimates, *natures) if is_counted(one, issue.project_key)]
    named += [f"its {names.get(one, one)}" for one in counted]
    kept = {one: value for one, value in estimates.items() if (Field.ESTIMATE, one) not in changed}
    sprint_ids, is_flagged = issue.sprint_ids, issue.is_flagged
    if not issue.is_subtask and known.sprint_ids and not shows_sprints(raw, roles):
        named.append("its sprints")
        sprint_ids = sprint_ids if Field.SPRINT in told else known.sprint_ids
    is_hidden = roles.flagged is not None and roles.flagged not in fields
    if is_hidden and known.is_flagged and "flagged" not in fields:
        named.append("its flag")
        is_flagged = is_flagged or Field.FLAGGED not in told
    if not named and not estimates and not natures:
        return history, ()
    mended = replace(
        issue,
        estimates={**issue.estimates, **kept},
        natures={**issue.natures, **natures},
        sprint_ids=sprint_ids,
        is_flagged=is_flagged,
    )
    said = tuple(f"{one}, which Jira no longer shows" for one in named)
    return replace(history, issue=mended), said


def _lacking(asked: tuple[str, ...], fields: Raw, known: Mapping[str, T]) -> dict[str, T]:
    """What was known of the fields that are asked for and not shown."""
    return {one: value for one in asked if one not in fields and (value := known.get(one))}
