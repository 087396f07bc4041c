"""What differs between a sprint as it was known then and as its history says it was now: pure.

Read by the report of snapshots. Both sides are facts of the sprint by column: figures by the
fields of `SprintFigures`, of which all numbers are compared, issues as in the table sprint_issues.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from telemetry.metrics.figures import OUTLOOK, figure_fields
from telemetry.metrics.registry import by_field, by_slug

Row = Mapping[str, Any]
Value = str | float | bool | None

_COMPARED: Final = tuple(
    one.name for one in figure_fields() if one.is_number and one.name not in OUTLOOK
)
_AT_START: Final = ("committed_points",)
_SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True)
class FigurePair:
    """One figure then and now; `slug` and `unit` as in the registry, None is unknown.

    `nature` is set where the figure is the time, or the number, of one nature of impediments.
    """

    slug: str
    unit: str
    then: float | None
    now: float | None
    nature: str | None = None

    @property
    def is_changed(self) -> bool:
        return self.then != self.now

    @property
    def difference(self) -> float | None:
        """Now less then; None where one of them is unknown."""
        return None if self.then is None or self.now is None else self.now - self.then


@dataclass(frozen=True, slots=True)
class IssueChange:
    """One thing about an issue that differs.

    Kinds, with their values: `scope` in the sprint from the `start`, `added`, `removed`, or None
    where the sprint did not hold it at all; `outcome`; `state`; `initial_points` and `points`, at
    the start and at the end; `seconds` logged in the sprint; `is_done_before` the start;
    `is_carried_over`; `is_impediment`.
    """

    kind: str
    then: Value
    now: Value

    @property
    def difference(self) -> float | None:
        """Now less then, of points and seconds alone; None where one of them is unknown."""
        if self.kind not in NUMBERS or self.then is None or self.now is None:
            return None
        return float(self.now) - float(self.then)


NUMBERS: Final = frozenset({"initial_points", "points", "seconds"})


@dataclass(frozen=True, slots=True)
class IssueEdits:
    """All that differs about one issue."""

    issue_id: int
    changes: tuple[IssueChange, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """`figures` are all that are compared, `issues` only those that differ, by id."""

    figures: tuple[FigurePair, ...]
    issues: tuple[IssueEdits, ...]

    @property
    def changed_figures(self) -> tuple[FigurePair, ...]:
        """The figures that differ."""
        return tuple(pair for pair in self.figures if pair.is_changed)


def close_differences(
    then: Row, now: Row, issues_then: Iterable[Row], issues_now: Iterable[Row]
) -> Differences:
    """A sprint's figures and issues as known at its close against those of now."""
    pairs = [*_pairs(_COMPARED, then, now), *_natures(then, now)]
    pairs.insert(pairs.index(_of(pairs, "off_plan_time")) + 1, _share(then, now))
    return Differences(tuple(pairs), _issues(issues_then, issues_now, _at_close))


def start_differences(
    then: Row, now: Row, issues_then: Iterable[Row], issues_now: Iterable[Row]
) -> Differences:
    """The commitment and the scope of a sprint as known at its start against those of now.

    Of the issues of now, those that were added later are passed over.
    """
    in_scope = (row for row in issues_now if not row["is_added"])
    return Differences(
        tuple(_pairs(_AT_START, then, now)), _issues(issues_then, in_scope, _at_start)
    )


def _pairs(names: Iterable[str], then: Row, now: Row) -> list[FigurePair]:
    pairs = []
    for name in names:
        values = [side.get(name) for side in (then, now)]
        figure = by_field()[name]
        if figure.unit == "hours":
            values = [None if v is None else v / _SECONDS_PER_HOUR for v in values]
        pairs.append(FigurePair(figure.slug, figure.unit, values[0], values[1]))
    return pairs


def _of(pairs: Sequence[FigurePair], slug: str) -> FigurePair:
    return next(pair for pair in pairs if pair.slug == slug)


def _share(then: Row, now: Row) -> FigurePair:
    def share(row: Row) -> float | None:
        lost = row.get("impediment_seconds", 0)
        if lost is None:
            return None
        every = lost + row.get("planned_seconds", 0) + row.get("off_plan_seconds", 0)
        return 100 * lost / every if every else None

    return FigurePair(
        "impediment_share", by_slug()["impediment_share"].unit, share(then), share(now)
    )


def _natures(then: Row, now: Row) -> list[FigurePair]:
    """The count and time of each nature that differ: a relabelled impediment changes no total."""
    old, new = (
        {nature: (count, seconds) for nature, count, seconds in row.get("natures") or ()}
        for row in (then, now)
    )
    pairs = []
    for nature in sorted(old.keys() | new.keys()):
        before, after = old.get(nature, (0, 0)), new.get(nature, (0, 0))
        for unit, was, is_now in zip(("issues", "seconds"), before, after, strict=True):
            if was != is_now:
                pairs.append(FigurePair("nature", unit, was, is_now, nature))
    return pairs


def _at_close(row: Row | None) -> dict[str, Value]:
    if row is None:
        return {"scope": None}
    is_removed = row["outcome"] == "removed"
    scope = "removed" if is_removed else "added" if row["is_added"] else "start"
    return {
        "scope": scope,
        "outcome": row["outcome"],
        "state": row["state"],
        "initial_points": row["initial_points"],
        "points": row["final_points"],
        "seconds": row["seconds"],
        "is_carried_over": row["is_carried_over"],
        "is_impediment": row["is_impediment"],
    }


def _at_start(row: Row | None) -> dict[str, Value]:
    if row is None:
        return {"scope": None}
    return {
        "scope": "start",
        "initial_points": row["initial_points"],
        "is_done_before": not row["is_committed"],
    }


def _issues(
    then: Iterable[Row], now: Iterable[Row], values_of: Callable[[Row | None], dict[str, Value]]
) -> tuple[IssueEdits, ...]:
    old, new = ({row["issue_id"]: row for row in rows} for rows in (then, now))
    found = []
    for issue_id in sorted(old.keys() | new.keys()):
        changes = _changes(values_of(old.get(issue_id)), values_of(new.get(issue_id)))
        if changes:
            found.append(IssueEdits(issue_id, tuple(changes)))
    return tuple(found)


def _changes(then: Mapping[str, Value], now: Mapping[str, Value]) -> list[IssueChange]:
    """What differs; an outcome or state that follows from another difference is not repeated."""
    changes = [
        IssueChange(kind, then[kind], now[kind])
        for kind in then
        if kind in now and then[kind] != now[kind]
    ]
    kinds = {change.kind for change in changes}
    implied = set()
    if "removed" in (then["scope"], now["scope"]):
        implied.add("outcome")
    if "outcome" in kinds - implied:
        implied.add("state")
    return [change for change in changes if change.kind not in implied]
