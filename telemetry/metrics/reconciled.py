"""Histories held against the present: what a field's changes say, and what the issue shows now.

First step of every replay. Changes of one field at the same instant follow their chain; where the
last of them ends elsewhere than the issue stands, as after an import, a scripted edit or a lost
changelog, it leads to what the tracker shows now.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

from telemetry.domain.models import Change, Field, Issue, IssueHistory
from telemetry.domain.team import Estimate, EstimateKind, TeamRules
from telemetry.metrics.field_values import estimate_field, grains, grains_per_unit, sprint_set

REPLAYED: Final = (Field.SPRINT, Field.ESTIMATE, Field.STATUS, Field.EPIC, Field.FLAGGED)
AT_ONCE: Final = timedelta(minutes=1)  # between creation and resolution by one act

_Meaning = Callable[[str | None], Hashable]
_slot = attrgetter("at", "history_id", "ordinal")
_instant = attrgetter("at")


class Replayed(NamedTuple):
    """One field of one issue: its changes in the order in which they are applied.

    `is_mended` tells that the last of them was made to end at the present value. Changes that
    change places at an instant change their history ids and ordinals, too: these always ascend.
    """

    changes: Sequence[Change]
    is_mended: bool


def replayed(history: IssueHistory, field: Field, rules: TeamRules) -> Replayed:
    """A field's changes, in order and held against the present; of estimates the team's field."""
    return _replayed(history, field, rules.estimate, rules.done_status_ids)


def replayed_flag(history: IssueHistory) -> Replayed:
    """The changes of the flag, which no rule of a team bears on."""
    return _replayed(history, Field.FLAGGED, Estimate(EstimateKind.ISSUE_COUNT), frozenset())


def mended_fields(history: IssueHistory, rules: TeamRules) -> tuple[Field, ...]:
    """The fields of an issue whose history ends elsewhere than the issue stands now."""
    return tuple(field for field in REPLAYED if replayed(history, field, rules).is_mended)


def has_lost_status(history: IssueHistory, done_ids: Collection[str]) -> bool:
    """Whether an issue counts as done from its creation on though it was resolved later.

    No change of its status is left to tell.
    """
    issue = history.issue
    if issue.resolved_at is None or issue.status_id not in done_ids:
        return False
    is_later = issue.resolved_at - issue.created_at > AT_ONCE
    return is_later and all(one.field is not Field.STATUS for one in history.changes)


def _replayed(
    history: IssueHistory, field: Field, estimate: Estimate, done_ids: Collection[str]
) -> Replayed:
    changes = _changes_of(history, field, estimate)
    if not changes:
        return Replayed(changes, is_mended=False)
    is_known, present = _present(history.issue, field, estimate)
    meaning = _meaning(field, estimate)
    ordered = _in_order(changes, meaning, (meaning(present),) if is_known else ())
    last = ordered[-1]
    if not is_known or meaning(last.to_value) == meaning(present):
        return Replayed(ordered, is_mended=False)
    at = last.at
    if field is Field.STATUS and present in done_ids:
        at = max(at, history.issue.resolved_at or at)
    return Replayed([*ordered[:-1], last._replace(at=at, to_value=present)], is_mended=True)


def _changes_of(history: IssueHistory, field: Field, estimate: Estimate) -> list[Change]:
    """The changes of a field by (at, history id, ordinal)."""
    found = [one for one in history.changes if one.field is field]
    if field is Field.ESTIMATE:
        field_id = estimate_field(estimate)
        found = [one for one in found if field_id is not None and one.field_id == field_id]
    found.sort(key=_slot)
    return found


def _present(issue: Issue, field: Field, estimate: Estimate) -> tuple[bool, str | None]:
    """Whether the tracker shows a present value, and which.

    It shows no sprints of sub-tasks, which are where their parents are, no epic of sub-tasks and
    epics, and no field that is hidden.
    """
    match field:
        case Field.SPRINT:
            return not issue.is_subtask, ",".join(map(str, issue.sprint_ids))
        case Field.ESTIMATE:
            field_id = estimate_field(estimate) or ""
            value = issue.estimates.get(field_id)
            return field_id in issue.estimates, None if value is None else str(value)
        case Field.STATUS:
            return True, issue.status_id
        case Field.EPIC:
            is_shown = not (issue.is_subtask or issue.is_epic)
            return is_shown, None if issue.epic_id is None else str(issue.epic_id)
        case Field.LABELS:
            return True, " ".join(issue.labels)
    return True, "1" if issue.is_flagged else ""


def _meaning(field: Field, estimate: Estimate) -> _Meaning:
    """What of a field's value counts when two are compared."""
    if field is Field.SPRINT:
        return sprint_set
    if field is Field.LABELS:
        return lambda value: frozenset((value or "").split())
    if field is Field.ESTIMATE:
        unit = grains_per_unit(estimate)
        return lambda value: grains(value, unit)
    return lambda value: value or ""


def _in_order(
    changes: Sequence[Change], meaning: _Meaning, end: tuple[Hashable, ...]
) -> Sequence[Change]:
    """The changes by instant, those of one instant by their chain.

    `end` holds the present value where it is known.
    """
    if len({one.at for one in changes}) == len(changes):
        return changes
    found: list[Change] = []
    groups = [list(some) for _, some in groupby(changes, key=_instant)]
    for place, group in enumerate(groups):
        if len(group) == 1:
            found += group
            continue
        later = groups[place + 1] if place + 1 < len(groups) else []
        ends = (meaning(later[0].from_value),) if len(later) == 1 else () if later else end
        starts = (meaning(found[-1].to_value),) if found else ()
        chain = _chain(group, meaning, (*ends, *starts)) or group
        found += (
            one._replace(history_id=slot.history_id, ordinal=slot.ordinal)
            for one, slot in zip(chain, group, strict=True)
        )
    return found


def _chain(
    group: Sequence[Change], meaning: _Meaning, wanted: Iterable[Hashable]
) -> list[Change] | None:
    """The changes so that each begins where the one before ended; None where they cannot.

    Of those that lead round in a circle, `wanted` are the values to begin and end at, the best
    first. Of several chains that of the lowest history ids is taken.
    """
    leaving: defaultdict[Hashable, list[Change]] = defaultdict(list)
    balance: Counter[Hashable] = Counter()
    for one in reversed(group):
        leaving[meaning(one.from_value)].append(one)
        balance[meaning(one.from_value)] += 1
        balance[meaning(one.to_value)] -= 1
    starts = [value for value, surplus in balance.items() if surplus > 0]
    if len(starts) > 1 or (starts and balance[starts[0]] > 1):
        return None
    circle = (value for value in wanted if value in leaving)
    start = starts[0] if starts else next(circle, meaning(group[0].from_value))
    chain: list[Change] = []
    way: list[tuple[Hashable, Change | None]] = [(start, None)]
    while way:
        value, by = way[-1]
        if leaving[value]:
            one = leaving[value].pop()
            way.append((meaning(one.to_value), one))
        else:
            way.pop()
            if by is not None:
                chain.append(by)
    chain.reverse()
    return chain if len(chain) == len(group) else None
