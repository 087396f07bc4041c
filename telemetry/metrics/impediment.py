"""Impediments: which issues are one, by which nature, from when to when.

Read by time, by the sprint's figures and by facts. Labels, parents and natures are as they are
now; when an issue became done, and when it was flagged, comes from its history.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from telemetry.domain.models import Issue, IssueHistory
from telemetry.domain.team import ImpedimentRules, TeamRules
from telemetry.metrics.reconciled import replayed_flag
from telemetry.metrics.timeline import Timeline

UNKNOWN = "unknown"
_NATURE_LABELS = ("nature:", "impediment-")


@dataclass(frozen=True, slots=True)
class Impediment:
    """One span of one impediment; names as in the table impediments.

    By label it lasts from the issue's creation until it became done (and still is); by flag
    (`is_flag`) from flag on to flag off, and only work started in between is lost to it.
    """

    issue_id: int
    ordinal: int
    is_flag: bool
    nature: str
    opened_at: datetime
    closed_at: datetime | None

    def is_open(self, start: datetime, end: datetime) -> bool:
        """Whether it was open at some moment of [start, end); at `end` where both are that."""
        return self.opened_at < end and (self.closed_at is None or self.closed_at >= start)

    def takes(self, instant: datetime) -> bool:
        """Whether work on its issue that was started at an instant is lost to it."""
        if not self.is_flag:
            return True
        return self.opened_at <= instant and (self.closed_at is None or instant < self.closed_at)


@dataclass(frozen=True, slots=True)
class ImpedimentFigures:
    """A window's impediments; `by_nature` are (nature, count, seconds), most time first.

    Counts are of issues. `open_count` are those open at the window's end;
    `median_seconds_to_close` is from opening to closing, over those closed in the window.
    """

    count: int
    opened_count: int
    closed_count: int
    open_count: int
    seconds: int
    median_seconds_to_close: float | None
    by_nature: tuple[tuple[str, int, int], ...]


def impediments(
    histories: Iterable[IssueHistory],
    timelines: Mapping[int, Timeline],
    parents: Mapping[int, Issue],
    rules: TeamRules,
) -> dict[int, tuple[Impediment, ...]]:
    """The spans of every issue that is, or was while flagged, an impediment, by issue id.

    `parents` holds at least the parents of the sub-tasks, by id. Issues that are gone are left
    out. A labelled issue is one impediment as a whole: its flags add nothing.
    """
    found: dict[int, tuple[Impediment, ...]] = {}
    for history in histories:
        issue = history.issue
        if issue.gone_at is not None:
            continue
        parent = _inheriting_from(issue, parents)
        if is_labelled(issue, parent, rules.impediment):
            nature = nature_of(issue, parent, rules.impediment)
            done_at = timelines[issue.id].done_at()
            span = Impediment(issue.id, 0, False, nature, issue.created_at, done_at)
            found[issue.id] = (span,)
        elif rules.impediment.is_flagged_counted:
            spans = flag_spans(history)
            if spans:
                nature = nature_of(issue, parent, rules.impediment)
                found[issue.id] = tuple(
                    Impediment(issue.id, number, True, nature, *span)
                    for number, span in enumerate(spans)
                )
    return found


def _inheriting_from(issue: Issue, parents: Mapping[int, Issue]) -> Issue | None:
    """The parent that hands down to a sub-task; an epic hands nothing down."""
    parent = parents.get(issue.owner_id) if issue.owner_id != issue.id else None
    is_silent = parent is None or parent.is_epic or parent.gone_at is not None
    return None if is_silent else parent


def is_labelled(issue: Issue, parent: Issue | None, rules: ImpedimentRules) -> bool:
    """Whether the issue, or the parent that hands down to it, has an impediment label now."""
    labels = issue.labels + (parent.labels if parent else ())
    return any(label.lower() in rules.labels for label in labels)


def nature_of(issue: Issue, parent: Issue | None, rules: ImpedimentRules) -> str:
    """Why an impediment happened.

    The nature field's value (of several the first by name), else a label `nature:x` or
    `impediment-x`, else component or type where the rules say so, else `unknown`. A sub-task
    without a field value or such a label has its parent's.
    """
    family = (issue,) if parent is None else (issue, parent)
    field_id = rules.nature_field_id
    for one in family:
        values = one.natures.get(field_id, ()) if field_id else ()
        if values:
            return min(values)
    for one in family:
        for prefix in _NATURE_LABELS:
            named = [label[len(prefix) :] for label in one.labels if _has_prefix(label, prefix)]
            if named:
                return min(named)
    if rules.nature_from == "component" and issue.components:
        return min(issue.components)
    if rules.nature_from == "type" and issue.type_name:
        return issue.type_name
    return UNKNOWN


def _has_prefix(label: str, prefix: str) -> bool:
    return len(label) > len(prefix) and label[: len(prefix)].lower() == prefix


def flag_spans(history: IssueHistory) -> tuple[tuple[datetime, datetime | None], ...]:
    """The times from flag on to flag off (None: still on); source: changelog of Flagged."""
    changes = replayed_flag(history).changes
    is_on = bool(changes[0].from_value) if changes else history.issue.is_flagged
    since = history.issue.created_at if is_on else None
    spans: list[tuple[datetime, datetime | None]] = []
    for change in changes:
        if change.to_value and since is None:
            since = change.at
        elif not change.to_value and since is not None:
            spans.append((since, change.at))
            since = None
    if since is not None:
        spans.append((since, None))
    return tuple(spans)


def nature_at(spans: Iterable[Impediment], instant: datetime) -> str | None:
    """The nature that work started at an instant is lost to; None if it is not."""
    return next((span.nature for span in spans if span.takes(instant)), None)


def impediment_figures(
    spans: Iterable[Impediment],
    seconds: Mapping[int, int],
    start: datetime,
    end: datetime,
) -> ImpedimentFigures:
    """The impediments with work logged, or opened, in [start, end).

    `seconds` are those logged on impediments in the window, by issue id, of the same team; each
    such issue needs a span.
    """
    every = sorted(spans, key=lambda span: (span.issue_id, span.ordinal))
    natures = {span.issue_id: span.nature for span in every}
    opened = {span.issue_id for span in every if start <= span.opened_at < end}
    closed = [span for span in every if span.closed_at and start <= span.closed_at < end]
    is_open = {span.issue_id for span in every if span.is_open(end, end)}
    worked = {issue_id for issue_id, amount in seconds.items() if amount}
    counts = Counter(natures[issue_id] for issue_id in opened | worked)
    times: Counter[str] = Counter()
    for issue_id in worked:
        times[natures[issue_id]] += seconds[issue_id]
    lasted = [(s.closed_at - s.opened_at).total_seconds() for s in closed if s.closed_at]
    by_nature = sorted(counts, key=lambda nature: (-times[nature], -counts[nature], nature))
    return ImpedimentFigures(
        count=len(opened | worked),
        opened_count=len(opened),
        closed_count=len({span.issue_id for span in closed}),
        open_count=len(is_open),
        seconds=times.total(),
        median_seconds_to_close=median(lasted) if lasted else None,
        by_nature=tuple((nature, counts[nature], times[nature]) for nature in by_nature),
    )
