"""Changes that name a field by a name of several fields, or of none today: whose they are.

Jira Data Center's changelogs hold names only, and ids that came from another site, or of a field
that was deleted, say nothing. The changes of one field form a chain: each begins where the one
before ended, and the last ends at the present value.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Final, NamedTuple

from bot.translate.fields import FieldRoles, original_estimate
from bot.translate.values import number_text
from telemetry.domain.models import Change

Placed = tuple[datetime, int, int, Change]  # when, history, place in it
Doubt = Callable[[str], None]
"""Told the id of an estimate of whose changes several are possible."""
NOT_YET: Final = "?"
ANY_VALUE: Final = "*"  # where a field is not shown
OF_NO_CHAIN, OF_NOBODY_SHOWN = 2, 1  # what it costs to explain a change so
MOST_WAYS: Final = 100  # that are followed, the cheapest: thousands of changes could have any
MIRRORED: Final = timedelta(minutes=1)  # in which a rule copies a value into the other field


class _Way(NamedTuple):
    """One way to share out changes, read backwards.

    `needed` is by field the value at which its next change must end. `own` are the estimates'
    changes with their fields, the newest first; of `unsure` fields other ways were as good.
    """

    needed: tuple[str | None, ...]
    cost: int
    own: tuple[tuple[Placed, str], ...]
    unsure: frozenset[str]

    @property
    def rank(self) -> tuple[int, int]:
        """Greater for the one to take: most estimates are given after creation."""
        begun = {field: placed[3].from_value for placed, field in self.own}
        return sum(value is None for value in begun.values()), len(self.own)


class LooseNames:
    """Names in changelogs that are of several fields today, or of none, or beside a strange id.

    A change under a name of several is the estimate's whose chain it belongs to when all of them
    are shared out; one under a name of none leads, step by step, to an estimate's value. `usual`
    are the names of fields that every site has, `ids` those of the fields that matter.
    """

    def __init__(self, roles: FieldRoles, usual: Collection[str], ids: Collection[str]) -> None:
        self._estimates = {
            one: roles.names.get(one, "").casefold()
            for one in roles.estimates
            if one != original_estimate
        }
        every = {**roles.others, **roles.names}
        listed = Counter(name.casefold() for name in every.values())
        self._own = set(self._estimates.values()) - {""}
        self._shared = {name for name, count in listed.items() if count > 1 and name in self._own}
        self._names = self._estimates | twins(roles)
        then = {one: {past.casefold() for past in names} for one, names in roles.former.items()}
        others = (names for one, names in then.items() if one not in self._estimates)
        self._listed = {*listed, *usual}.union(*others) - {""}
        self._ids = {*every, *ids}
        self._called = {
            one: {name.casefold()} | then.get(one, set()) for one, name in every.items()
        }

    def is_loose(self, field_id: str | None, name: str | None, fieldtype: str | None) -> bool:
        """Whether what is so named may be an estimate, for all that its name says."""
        folded = (name or "").casefold()
        if not self._estimates or fieldtype == "jira":
            return False
        if field_id in self._ids:
            is_of_one = field_id in self._estimates or folded in self._own
            return is_of_one and not self.is_told_by_id(field_id, folded)
        if field_id and not field_id.startswith("customfield_"):
            return False
        is_custom = bool(field_id) or fieldtype == "custom"
        is_own = bool(field_id) and folded in self._own
        return is_own or folded in self._shared or (is_custom and folded not in self._listed)

    def is_told_by_id(self, field_id: str, folded: str) -> bool:
        """Whether the id is a field's of today, and the name beside it not that of another one."""
        if not field_id.startswith("customfield_"):
            return True
        is_anothers = folded in self._listed and folded not in self._called.get(field_id, ())
        return field_id in self._ids and not is_anothers

    def owned(
        self, placed: Iterable[Placed], fields: Mapping[str, Any], doubt: Doubt
    ) -> list[Placed]:
        """The changes without those that are no estimate's, the others with their fields."""
        every = sorted(placed, key=itemgetter(0, 1, 2))
        found = [one for one in every if one[3].field_id != NOT_YET]
        loose = [one for one in every if one[3].field_id == NOT_YET]
        certain = {one[3].field_id or "": one for one in reversed(found)}
        ways = [_Way(self._present(fields, certain), 0, (), frozenset())]
        for one in reversed(loose):
            ways = _best(way for known in ways for way in self._steps(known, one, certain))
        taken = _taken(ways)
        for field_id in sorted(taken.unsure & fields.keys()):
            doubt(field_id)
        for one, field_id in taken.own:
            if field_id in fields:
                ours = one[3]._replace(field_id=field_id, from_name=None, to_name=None)
                found.append((*one[:3], ours))
        return found

    def _present(
        self, fields: Mapping[str, Any], certain: Mapping[str, Placed]
    ) -> tuple[str | None, ...]:
        """The values at which chains end; another field's changes under its id are not read."""
        are_some_named_by_id = not certain.keys().isdisjoint(self._estimates)
        return tuple(
            certain[one][3].from_value
            if one in certain
            else ANY_VALUE
            if one not in fields or (one not in self._estimates and are_some_named_by_id)
            else number_text(fields[one])
            for one in self._names
        )

    def _steps(self, way: _Way, one: Placed, certain: Mapping[str, Placed]) -> Iterable[_Way]:
        """The ways on with one more change; the estimates come first."""
        change = one[3]
        name = (change.to_name or "").casefold()
        is_named = name in self._own
        is_free = False
        for place, (field_id, own_name) in enumerate(self._names.items()):
            needed = way.needed[place]
            is_estimate = field_id in self._estimates
            if needed not in (change.to_value, ANY_VALUE):
                continue
            is_sought = name == own_name or field_id == change.from_name
            if is_named and not is_sought:
                continue
            if not is_sought and not (is_estimate and needed not in (None, ANY_VALUE)):
                continue
            if field_id in certain and one > certain[field_id]:
                continue
            on = (*way.needed[:place], change.from_value, *way.needed[place + 1 :])
            own = (*way.own, (one, field_id)) if is_estimate else way.own
            is_free = True
            yield _Way(on, way.cost + OF_NOBODY_SHOWN * (needed == ANY_VALUE), own, way.unsure)
            if not is_named:
                return
        if not is_free:
            fitting = {field for field, own in self._estimates.items() if own == name}
            unsure = way.unsure | fitting if is_named else way.unsure
            cost = OF_NO_CHAIN if is_named else 0
            yield way._replace(cost=way.cost + cost, unsure=unsure)


def twins(roles: FieldRoles) -> dict[str, str]:
    """The fields that are called as an estimate is, with their names, folded."""
    own = {
        roles.names.get(one, "").casefold() for one in roles.estimates if one != original_estimate
    }
    return {
        one: folded
        for one, name in {**roles.others, **roles.names}.items()
        if one not in roles.estimates and (folded := name.casefold()) in own and folded
    }


def _best(ways: Iterable[_Way]) -> list[_Way]:
    """Of all ways with the same values needed the cheapest one, and of these the cheapest."""
    found: dict[tuple[str | None, ...], _Way] = {}
    for way in ways:
        known = found.get(way.needed)
        found[way.needed] = way if known is None else _better(known, way)
    return sorted(found.values(), key=lambda way: way.cost)[:MOST_WAYS]


def _taken(ways: Sequence[_Way]) -> _Way:
    best, *others = ways
    for way in others:
        best = _better(best, way)
    return best


def _better(one: _Way, other: _Way) -> _Way:
    """The cheaper way; of equals the one to take, unsure of the fields in which they differ."""
    if one.cost != other.cost:
        return min(one, other, key=lambda way: way.cost)
    unsure = one.unsure | other.unsure | _differing(one, other)
    return max(one, other, key=lambda way: way.rank)._replace(unsure=unsure)


def _differing(one: _Way, other: _Way) -> frozenset[str]:
    """The fields whose changes say something else in the two ways."""
    every = {field for _, field in (*one.own, *other.own)}
    return frozenset(field for field in every if not _alike(_of(one, field), _of(other, field)))


def _of(way: _Way, field_id: str) -> list[Change]:
    return [placed[3] for placed, field in way.own if field == field_id]


def _alike(some: Sequence[Change], others: Sequence[Change]) -> bool:
    return len(some) == len(others) and all(
        (one.from_value, one.to_value) == (other.from_value, other.to_value)
        and abs(one.at - other.at) <= MIRRORED
        for one, other in zip(some, others, strict=True)
    )
