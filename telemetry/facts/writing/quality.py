"""Judges and writes what the tracker's data contradict for a team.

An issue is judged when it changes, or when the time has come at which a judgement changes by
itself; all of them where the window changes in which they are looked for. Sprints, and what is in
the running ones, are few and judged at each pull.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_

from telemetry.domain.models import IssueHistory, SprintState
from telemetry.domain.named import renamed_fields
from telemetry.facts.reading import quality as source
from telemetry.facts.reading.batch import Batch
from telemetry.facts.reading.quality import Window
from telemetry.metrics import quality_issues, quality_sprints, quality_work
from telemetry.metrics.contradictions import Contradiction, Finding, data_of
from telemetry.metrics.sprint_walk import SprintWalk, walk_sprint
from telemetry.metrics.timeline import Timeline, timeline
from telemetry.store import schema as s
from telemetry.store.among import among
from telemetry.store.doubled import doubled_logs
from telemetry.store.history import read_histories
from telemetry.store.tracker import read_sprints_by_id, read_statuses
from telemetry.store.upsert import chunks, replace

FOUND = s.quality_findings.c
EMPTY_START = Contradiction.EMPTY_START.value
AT_EACH_PULL = (
    Contradiction.UNESTIMATED.value,
    Contradiction.TWO_ACTIVE_SPRINTS.value,
    Contradiction.LATE_SPRINT.value,
    Contradiction.BACK_DATED.value,
    Contradiction.NO_COMPLETION.value,
    Contradiction.FUTURE_SPRINT.value,
)
BY_ISSUE = tuple(
    kind.value for kind in Contradiction if kind.value not in (*AT_EACH_PULL, EMPTY_START)
)
Pair = tuple[IssueHistory, Timeline]
Rows = list[dict[str, Any]]


def write_quality(batch: Batch) -> int:
    """Write what contradicts where the batch ends a computation of the team."""
    if not batch.touched.is_last:
        return 0
    window = source.read_window(batch.connection, batch.rules)
    changed = replace(batch.connection, s.quality_windows, _team(batch), [window.row()])
    is_whole = batch.touched.is_whole or changed > 0
    changed += _write_sprints(batch, window, is_whole=is_whole)
    reading = (batch.connection, batch.rules)
    if is_whole:
        ids = source.candidates(*reading, window, BY_ISSUE, batch.as_of)
    else:
        ids = source.touched(*reading, batch.touched.issues, batch.as_of)
    for some in chunks(sorted(ids)):
        changed += _write_issues(batch, _judged(batch, window, some))
    return changed


def _team(batch: Batch) -> dict[str, str]:
    return {"team_key": batch.rules.key, "site": batch.rules.site}


def _write_sprints(batch: Batch, window: Window, *, is_whole: bool) -> int:
    """Judge the window's sprints; whether they began empty, only of those that are touched."""
    begun = [one for one in window.sprints if one.started_at is not None]
    known = batch.touched.known.keys()
    walked = [one for one in begun if is_whole or one in window.active or one.id in known]
    lines = batch.counted_by_sprint([one.id for one in walked])
    walks = [walk_sprint(one, lines[one.id], batch.as_of) for one in walked]
    running = [one for one in walks if one.sprint in window.active]
    calendar = batch.rules.calendar
    found = [
        *quality_issues.unestimated(running),
        *_in_two_sprints(batch, running, lines),
        *quality_sprints.late_sprints(window.sprints, calendar, batch.as_of),
        *quality_sprints.back_dated(window.sprints, calendar),
        *quality_sprints.without_completion(window.sprints),
        *quality_sprints.future_sprints(window.sprints, batch.as_of),
        *quality_sprints.empty_starts(walks),
    ]
    here = FOUND.kind == EMPTY_START
    if not is_whole:
        here = and_(here, FOUND.about_id.in_([one.id for one in walked]))
    return replace(
        batch.connection,
        s.quality_findings,
        _team(batch),
        list(map(_row, found)),
        within=or_(FOUND.kind.in_(AT_EACH_PULL), here),
    )


def _in_two_sprints(
    batch: Batch, running: Iterable[SprintWalk], lines: Mapping[int, Collection[Timeline]]
) -> list[Finding]:
    every = {one.issue.id: one for walk in running for one in lines[walk.sprint.id]}
    now = {i: moment for i, one in every.items() if (moment := one.at(batch.as_of))}
    several = [i for i, moment in now.items() if len(moment.sprint_ids) > 1]
    ids = {i for issue_id in several for i in now[issue_id].sprint_ids}
    known = read_sprints_by_id(batch.connection, batch.rules.site, ids).values() if ids else ()
    active = {one.id for one in known if one.state is SprintState.ACTIVE}
    some = [every[i] for i in sorted(several)]
    return quality_issues.in_two_active_sprints(some, active, batch.as_of)


@dataclass(frozen=True, slots=True)
class _Judged:
    """What was found of some issues, and when each is to be judged anew."""

    ids: Collection[int]
    rows: Rows
    due: Mapping[int, datetime]


def _judged(batch: Batch, window: Window, ids: Collection[int]) -> _Judged:
    """What contradicts in these issues as they are at the batch's `as_of`."""
    histories = read_histories(batch.connection, batch.rules.site, ids)
    known = batch.resolved(histories)
    pairs = {
        i: (history, timeline(known[i], batch.rules))
        for i, history in sorted(histories.items())
        if history.issue.gone_at is None
    }
    due: dict[int, list[datetime]] = {}
    parts = (_of_history, _of_mending, _of_future, _of_work, _of_impediments)
    rows = [row for judge in parts for row in judge(batch, window, pairs, due)]
    first = {
        i: min(later)
        for i, some in due.items()
        if (later := [at for at in some if at > batch.as_of])
    }
    return _Judged(ids, rows, first)


Pairs = Mapping[int, Pair]
Due = dict[int, list[datetime]]


def _of_history(batch: Batch, window: Window, pairs: Pairs, due: Due) -> Rows:
    """Of issues of the window's sprints, and of sub-tasks of those in running ones."""
    rules, as_of = batch.rules, batch.as_of
    owners = {i: history.issue.owner_id for i, (history, _) in pairs.items()}
    places = source.read_places(batch.connection, rules, window, {*owners.keys(), *owners.values()})
    active = {one.id for one in window.active}
    of_running = {i for i, sprint_ids in places.items() if sprint_ids & active}
    parts = [i for i, owner in owners.items() if owner != i and owner in of_running]
    subtasks = [pairs[i][1] for i in parts]
    inside = [pair for i, pair in pairs.items() if i in places]
    for i in {*parts, *(history.issue.id for history, _ in inside)}:
        due.setdefault(i, []).extend(change.at for change in pairs[i][0].changes)
    rows = list(map(_row, quality_issues.estimated_subtasks(subtasks, rules, as_of)))
    if window.start is None or not inside:
        return rows
    lines = [line for _, line in inside]
    found = [
        *quality_issues.estimates_after_done(lines, window.start, as_of),
        *quality_issues.migrated(inside, rules, window.start, as_of),
    ]
    as_told = [timeline(history, rules) for history, _ in inside] if window.unlisted else ()
    return [*rows, *map(_row, found), *_unlisted(batch, window.start, as_told)]


def _of_mending(batch: Batch, window: Window, pairs: Pairs, due: Due) -> Rows:
    """Of issues of the window's sprints; of a team without sprints, of its own issues."""
    reading = (batch.connection, batch.rules)
    if batch.rules.has_sprints:
        places: Collection[int] = source.read_places(*reading, window, pairs)
    else:
        places = source.read_own(*reading, list(pairs))
    told = {i: history for i, (history, _) in pairs.items() if i in places}
    known, rules = batch.resolved(told), batch.rules
    listed = batch.team.listing.listed(batch.connection, rules.site, told.values())
    renamed = {i: renamed_fields(told[i], known[i], listed) for i in told}
    return list(map(_row, quality_issues.mended(known.values(), rules, renamed)))


def _of_future(batch: Batch, window: Window, pairs: Pairs, due: Due) -> Rows:
    """Of issues of the window's sprints, and of the team's own that were changed last then."""
    as_of, reading = batch.as_of, (batch.connection, batch.rules)
    found = quality_issues.future_changes((history for history, _ in pairs.values()), as_of)
    ids = [one.issue_id for one in found if one.issue_id is not None]
    if not ids:
        return []
    issues = {i: pairs[i][0].issue for i in ids}
    late = [i for i, one in issues.items() if max(one.created_at, one.updated_at) > as_of]
    told = {*source.read_places(*reading, window, ids), *source.read_own(*reading, late)}
    for i in told:
        history = pairs[i][0]
        due.setdefault(i, []).extend((issues[i].created_at, *(c.at for c in history.changes)))
    return [_row(one) for one in found if one.issue_id in told]


def _unlisted(batch: Batch, start: datetime, lines: Iterable[Timeline]) -> Iterable[dict[str, Any]]:
    statuses = read_statuses(batch.connection, batch.rules.site)
    for line in lines:
        for one in quality_issues.unlisted_statuses([line], statuses, start):
            yield {
                "kind": one.kind.value,
                "about_id": line.issue.id,
                "status_id": one.status_id,
                "data": {},
            }


def _of_work(batch: Batch, window: Window, pairs: Pairs, due: Due) -> Rows:
    """Of the team's own issues, whatever sprint they are in."""
    with_work = [i for i, (history, _) in pairs.items() if history.work_logs]
    own = source.read_own(batch.connection, batch.rules, with_work) if with_work else set()
    calendar, as_of = batch.rules.calendar, batch.as_of
    mine = [pairs[i] for i in with_work if i in own]
    for history, line in mine:
        at = quality_work.work_due_at(history, line, calendar)
        due.setdefault(history.issue.id, []).extend(at)
    histories = [history for history, _ in mine]
    found = [
        *quality_work.future_work(histories, as_of),
        *quality_work.work_after_done(mine, calendar, as_of),
        *quality_work.long_work_logs(histories, as_of),
    ]
    return [*map(_row, found), *_doubled(batch, pairs)]


def _doubled(batch: Batch, pairs: Pairs) -> Rows:
    """Of the team's own issues that show what counts under another."""
    apart = doubled_logs(batch.connection, batch.rules.site, pairs)
    if not apart:
        return []
    own = source.read_own(batch.connection, batch.rules, list(apart))
    return [_row(quality_work.doubled_work(i, logs)) for i, logs in apart.items() if i in own]


def _of_impediments(batch: Batch, window: Window, pairs: Pairs, due: Due) -> Rows:
    calendar, as_of, reading = batch.rules.calendar, batch.as_of, (batch.connection, batch.rules)
    issues = {i: history.issue for i, (history, _) in pairs.items()}
    family = {*issues, *(issue.owner_id for issue in issues.values())}
    spans = {span.issue_id: span for span in source.read_labelled(*reading, as_of, family)}
    mine = issues.keys() & spans.keys()
    if not mine:
        return []
    worked = source.read_worked(*reading, mine)
    for i in mine - worked:
        due.setdefault(i, []).extend(quality_work.impediment_due_at(issues[i], spans, calendar))
    found = quality_work.impediments_without_time(spans.values(), issues, worked, calendar, as_of)
    return list(map(_row, found))


def _write_issues(batch: Batch, judged: _Judged) -> int:
    changed = replace(
        batch.connection,
        s.quality_findings,
        _team(batch),
        judged.rows,
        within=and_(FOUND.kind.in_(BY_ISSUE), among(FOUND.about_id, judged.ids)),
    )
    return changed + replace(
        batch.connection,
        s.quality_due,
        _team(batch),
        [{"issue_id": i, "due_at": at} for i, at in judged.due.items()],
        within=among(s.quality_due.c.issue_id, judged.ids),
    )


def _row(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind.value,
        "about_id": finding.issue_id or finding.sprint_id,
        "status_id": "",
        "data": data_of(finding),
    }
