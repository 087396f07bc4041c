"""Statuses and sprints by their ids, and by their names where an id means something else today.

After a move from another site a history's ids are that site's while its names are right.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from telemetry.domain.models import Change, Field, Issue, IssueHistory, Sprint, Status
from telemetry.domain.team import TeamRules


@dataclass(frozen=True, slots=True)
class Listed:
    """What the tracker lists today, as far as some histories tell of it.

    `statuses` are listed names by id, in lower case, `sprints` by id; `status_ids` and `named`
    are the ids of a status and the sprints by name.
    """

    statuses: Mapping[str, str] = field(default_factory=dict)
    status_ids: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sprints: Mapping[int, Sprint] = field(default_factory=dict)
    named: Mapping[str, Sequence[Sprint]] = field(default_factory=dict)


def listed_statuses(
    statuses: Mapping[str, Status],
) -> tuple[Mapping[str, str], Mapping[str, Sequence[str]]]:
    """Names by id, and ids by name, of the statuses that are listed."""
    names = {s.id: s.name.strip().casefold() for s in statuses.values() if s.is_listed}
    ids: dict[str, list[str]] = {}
    for status_id in sorted(names, key=lambda one: (len(one), one)):
        ids.setdefault(names[status_id], []).append(status_id)
    return names, ids


def pairs_of(value: str | None, names: str | None) -> Iterator[tuple[str, int]]:
    """The names in a Sprint change, each with the id told beside it: 0 where none is told.

    Where it cannot be told which name is whose there is no pair.
    """
    if not names:
        return
    ids = [int(part) for part in (value or "").split(",") if part.strip()]
    texts = [names] if len(ids) == 1 else names.split("\n") if ids else names.split(", ")
    if not ids or len(ids) == len(texts):
        yield from zip(texts, ids or [0] * len(texts), strict=True)


def resolved(history: IssueHistory, listed: Listed, rules: TeamRules) -> IssueHistory:
    """The history with the ids that its statuses and sprints have today; itself if all are right.

    A name decides where the id is missing or is listed under another one. Where nothing is listed
    under that name the id stays, as after a renaming, unless it is a sprint of the team's boards
    and the issue of another project.
    """
    ours = _ours(history)
    changes: list[Change] | None = None
    for place, one in enumerate(history.changes):
        if one.field is Field.STATUS:
            before = _status(one.from_value, one.from_name, history.issue, listed)
            after = _status(one.to_value, one.to_name, history.issue, listed)
        elif one.field is Field.SPRINT:
            if ours is None:
                continue
            before = _sprints(one.from_value, one.from_name, history.issue, listed, rules, ours)
            after = _sprints(one.to_value, one.to_name, history.issue, listed, rules, ours)
        else:
            continue
        if (before, after) != (one.from_value, one.to_value):
            changes = changes or list(history.changes)
            changes[place] = one._replace(from_value=before, to_value=after)
    return history if changes is None else replace(history, changes=tuple(changes))


def renamed_fields(told: IssueHistory, known: IssueHistory, listed: Listed) -> tuple[Field, ...]:
    """The fields of which a name decided against an id that is listed, or is a sprint's."""
    found = set()
    for one, other in zip(told.changes, known.changes, strict=True):
        for value, now in (
            (one.from_value, other.from_value),
            (one.to_value, other.to_value),
        ):
            if value != now and (one.field is Field.SPRINT or value in listed.statuses):
                found.add(one.field)
    return tuple(found)


def _ours(history: IssueHistory) -> Collection[int] | None:
    """The sprints that are told by the ids of today: those shown, where the last change agrees.

    None where no change of a sprint tells a name.
    """
    changes = [one for one in history.changes if one.field is Field.SPRINT]
    if not any(one.from_name or one.to_name for one in changes):
        return None
    shown = set(history.issue.sprint_ids)
    last = {int(part) for part in (changes[-1].to_value or "").split(",") if part.strip()}
    return shown if last == shown else ()


def _status(value: str | None, name: str | None, issue: Issue, listed: Listed) -> str | None:
    if not name:
        return value
    folded = name.strip().casefold()
    if listed.statuses.get(value or "") == folded:
        return value
    ids = listed.status_ids.get(folded, ())
    if not ids:
        return value
    return issue.status_id if issue.status_id in ids else ids[0]


def _sprints(
    value: str | None,
    names: str | None,
    issue: Issue,
    listed: Listed,
    rules: TeamRules,
    ours: Collection[int],
) -> str | None:
    pairs = list(pairs_of(value, names))
    if not pairs:
        return value
    found = {_sprint(sprint_id, name, issue, listed, rules, ours) for name, sprint_id in pairs}
    return ",".join(map(str, sorted(one for one in found if one)))


def _is_named(listed: Listed, sprint_id: int, name: str) -> bool:
    known = listed.sprints.get(sprint_id)
    return known is not None and known.name.strip() == name


def _sprint(
    sprint_id: int,
    name: str,
    issue: Issue,
    listed: Listed,
    rules: TeamRules,
    ours: Collection[int],
) -> int:
    """The sprint's id today; 0 where it is none of the issue's."""
    if sprint_id in ours or _is_named(listed, sprint_id, name):
        return sprint_id
    namesakes = listed.named.get(name, ())
    own = [one.id for one in namesakes if one.board_id in rules.board_ids]
    if own:
        return next((i for i in own if i in issue.sprint_ids), own[0])
    if len(namesakes) == 1:
        return namesakes[0].id
    known = listed.sprints.get(sprint_id)
    is_another = known is not None and known.board_id in rules.board_ids
    if is_another and issue.project_key != rules.project_key:
        return 0
    return sprint_id
