"""Impediments: which issues are one, by which nature, from when to when.

Read by time, by the sprint's figures and by facts. Labels, parents and natures are as they are
now; when an issue became done, and when it was flagged, comes from its history, so that a window
tells what was open at its end, whatever came later.
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
    """One impediment; names as in the table impediments.

    By label it lasts from the issue's creation until it became done (and still is); `done_before`
    are the times, from done to reopened, in which it was done before. By flag (`is_flag`) each
    time from flag on to flag off is one, and only work started in between is lost to it.
    """

    issue_id: int
    ordinal: int
    is_flag: bool
    nature: str
    opened_at: datetime
    closed_at: datetime | None
    done_before: tuple[tuple[datetime, datetime], ...] = ()

    def open_times(self) -> tuple[tuple[datetime, datetime | None], ...]:
        """The times in which it was open, each to when it was closed (None: it is open)."""
        starts = (self.opened_at, *(reopened for _, reopened in self.done_before))
        return tuple(
            zip(starts, (*(done for done, _ in self.done_before), self.closed_at), strict=True)
        )

    def closed_in(self, start: datetime, end: datetime) -> datetime | None:
        """When it was closed in [start, end), for the last time; None if it is open at the end."""
        if self.is_open(end, end):
            return None
        every = (self.closed_at, *(done for done, _ in self.done_before))
        last = max((at for at in every if at is not None and at < end), default=None)
        return last if last is not None and last >= start else None

    def is_open(self, start: datetime, end: datetime) -> bool:
        """Whether it was open at some moment of [start, end); at `end` where both are that."""
        return any(
            since < end and (until is None or until >= start) for since, until in self.open_times()
        )

    def takes(self, instant: datetime) -> bool:
        """Whether work on its issue that was started at an instant is lost to it."""
        if not self.is_flag:
            return True
        return self.opened_at <= instant and (self.closed_at is None or instant < self.closed_at)


@dataclass(frozen=True, slots=True)
class ImpedimentFigures:
    """A window's impediments; `by_nature` are (nature, count, seconds), most time first.

    `count` and those by nature are of issues, the others of impediments: each flag is one.
    `open_count` are those open at the window's end; `median_seconds_to_close` is from opening to
    closing, over those closed in the window.
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
            times = timelines[issue.id].done_spans()
            done_at = times[-1][0] if times and times[-1][1] is None else None
            before = tuple((done, again) for done, again in times if again is not None)
            span = Impediment(issue.id, 0, False, nature, issue.created_at, done_at, before)
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


def was_flagged(history: IssueHistory, start: datetime, end: datetime) -> bool:
    """Whether the issue was flagged at some moment of [start, end)."""
    return any(
        since < end and (until is None or until >= start) for since, until in flag_spans(history)
    )


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
    opened = [span.issue_id for span in every if start <= span.opened_at < end]
    closed = [(span.opened_at, at) for span in every if (at := span.closed_in(start, end))]
    worked = {issue_id for issue_id, amount in seconds.items() if amount}
    touched = worked | set(opened)
    counts = Counter(natures[issue_id] for issue_id in touched)
    times: Counter[str] = Counter()
    for issue_id in worked:
        times[natures[issue_id]] += seconds[issue_id]
    lasted = [(closed_at - opened_at).total_seconds() for opened_at, closed_at in closed]
    by_nature = sorted(counts, key=lambda nature: (-times[nature], -counts[nature], nature))
    return ImpedimentFigures(
        count=len(touched),
        opened_count=len(opened),
        closed_count=len(closed),
        open_count=sum(span.is_open(end, end) for span in every),
        seconds=times.total(),
        median_seconds_to_close=median(lasted) if lasted else None,
        by_nature=tuple((nature, counts[nature], times[nature]) for nature in by_nature),
    )
