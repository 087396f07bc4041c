"""Reads the review of a sprint: as it was kept at the close, or of a running one as it stands."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from telemetry.report.alerts.quarters import read_running
from telemetry.report.alerts.watched import WatchedQuarter
from telemetry.report.impediments.report import OVER, read_recurring
from telemetry.report.reviews.ageing import read_ageing
from telemetry.report.reviews.ahead import read_ahead
from telemetry.report.reviews.frozen import (
    Beside,
    Kept,
    closed,
    from_json,
    issue_ids,
    title_of,
    titled,
)
from telemetry.report.reviews.shapes import Frozen, Review
from telemetry.report.shapes.issues import SprintIssue
from telemetry.report.shapes.snapshots import LATE_AFTER
from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.report.shapes.teams import TeamRow
from telemetry.report.shapes.time import ImpedimentRow
from telemetry.report.sprint import summaries as read
from telemetry.report.sprint.burndown import drawn
from telemetry.report.sprint.snapshots import (
    Title,
    known_days,
    known_events,
    read_records,
    read_titles,
)
from telemetry.report.sprint.time import day_rows, read_impediments, sprint_row
from telemetry.report.sprint_page import SHARES_SHOWN, explained, read_page, usual_daily, usual_of
from telemetry.report.teams.team import StoredTeam
from telemetry.store.reviews import StoredReview, read_review
from telemetry.store.snapshots import CLOSE, Known, Snapshot, read_snapshots


def read_sprint_review(
    connection: Connection, team: StoredTeam, row: TeamRow, sprint_id: int, now: datetime
) -> Review:
    """The review of a sprint, whether Jira still has it or not. Raises NotFound."""
    rules = team.rules
    stored = read_review(connection, rules.key, rules.site, sprint_id)
    found = read_snapshots(connection, rules.key, rules.site, sprint_id)
    if stored is not None and CLOSE in found:
        return _frozen(connection, team, row, stored, found[CLOSE], now)
    sprint = read.read_summary(connection, team, sprint_id)
    page = read_page(connection, team, row, sprint, now)
    beside, earlier = read_beside(connection, team, page, now)
    return Review(
        page=page,
        impediments=beside.impediments,
        recurring=beside.recurring,
        before=earlier[0] if earlier else None,
        ahead=beside.ahead,
        ageing=beside.ageing,
        quarter=beside.quarter,
    )


def read_beside(
    connection: Connection, team: StoredTeam, page: SprintPage, now: datetime
) -> tuple[Beside, tuple[SprintSummary, ...]]:
    """What is known beside the figures of a page's sprint, and the sprints closed before it."""
    sprint = page.sprint
    if sprint is None or sprint.started_at is None or sprint.window_end_at is None:
        return Beside(), ()
    count = max(team.rules.velocity_sprints, SHARES_SHOWN - 1)
    earlier = read.read_closed_before(connection, team, sprint, max(count, OVER))
    return (
        Beside(
            impediments=_touched(connection, team, page, sprint),
            open_impediments=page.open_impediments,
            recurring=read_recurring(connection, team, sprint, earlier[:OVER]),
            open_time=page.open_time,
            usual_days_to_close=page.usual_days_to_close,
            ahead=read_ahead(connection, team, sprint, now),
            ageing=read_ageing(connection, team, sprint.window_end_at),
            quarter=_quarter(connection, team, sprint, now),
            impediments_unknown=team.impediments_unknown,
        ),
        tuple(earlier[:count]),
    )


def _quarter(
    connection: Connection, team: StoredTeam, sprint: SprintSummary, now: datetime
) -> WatchedQuarter | None:
    """The quarter that runs; of a sprint that ended long ago nobody knows how it stood then."""
    end = sprint.window_end_at
    if end is None or now - end > LATE_AFTER:
        return None
    return read_running(connection, team, now)


def _touched(
    connection: Connection, team: StoredTeam, page: SprintPage, sprint: SprintSummary
) -> tuple[ImpedimentRow, ...]:
    if page.open_time is not None:
        return page.open_time.impediments
    start, end = sprint.started_at, sprint.window_end_at
    if start is None or end is None:
        return ()
    return read_impediments(connection, team, start, end, "touched")


def _frozen(
    connection: Connection,
    team: StoredTeam,
    row: TeamRow,
    stored: StoredReview,
    close: Snapshot,
    now: datetime,
) -> Review:
    kept = from_json(stored.record)
    known = (*close.known.issues, *close.known.events)
    ids = issue_ids(kept.beside) | {one["issue_id"] for one in known}
    titles = read_titles(connection, team, ids)
    beside = titled(kept.beside, titles)
    then = replace(team, rules=replace(kept.rules, key=team.rules.key, site=team.rules.site))
    records = read_records(connection, team, stored.sprint_id)
    page = _page(then, row, close, kept, beside, titles, now)
    return Review(
        page=replace(page, records=records),
        impediments=beside.impediments,
        recurring=beside.recurring,
        before=kept.earlier[0] if kept.earlier else None,
        ahead=beside.ahead,
        ageing=beside.ageing,
        quarter=beside.quarter,
        frozen=Frozen(close.at, close.taken_at, stored.taken_at),
        is_gone=records.sprint is None,
    )


def _page(
    then: StoredTeam,
    row: TeamRow,
    close: Snapshot,
    kept: Kept,
    beside: Beside,
    titles: dict[int, Title],
    now: datetime,
) -> SprintPage:
    """The page of the sprint as it was known at the close, by the team's rules of then."""
    calendar, known = then.rules.calendar, close.known
    usual = kept.earlier[: then.rules.velocity_sprints]
    unknown = beside.impediments_unknown
    as_kept = closed(close.sprint_id, kept.name, kept.goal, known, is_hidden=unknown is not None)
    sprint = explained(then, as_kept, usual)
    row = replace(row, impediments_unknown=unknown)
    today = calendar.day_of(now)
    rows = [sprint_row(then, one) for one in [sprint, *kept.earlier][:SHARES_SHOWN]]
    if sprint.started_at is None or sprint.figures is None:
        return SprintPage(row, today, sprint, None, ())
    end = sprint.figures.as_of
    daily = day_rows(
        calendar.days(sprint.started_at, end),
        ((one["day"], one["kind"], one["nature"], one["seconds"]) for one in known.time),
        is_hidden=unknown is not None,
    )
    first, last = calendar.day_of(sprint.started_at), calendar.day_of(end)
    planned = calendar.day_of(sprint.planned_end_at or end)
    return SprintPage(
        team=row,
        today=today,
        sprint=sprint,
        no_sprint_reason=None,
        choices=(),
        burndown=drawn(
            then, sprint, usual_of(usual), daily, known_days(known), known_events(known, titles)
        ),
        issues=tuple(_issues(known, titles)),
        daily=daily,
        open_impediments=beside.open_impediments,
        shares=tuple(one for one in rows if one is not None),
        open_time=beside.open_time,
        usual_daily_impediment_seconds=usual_daily(usual),
        usual_days_to_close=beside.usual_days_to_close,
        working_day=calendar.working_days(first, last),
        working_days_planned=calendar.working_days(first, planned),
    )


def _issues(known: Known, titles: dict[int, Title]) -> Iterator[SprintIssue]:
    """The issues of the record; what they are called is of now, all else of then."""
    for one in known.issues:
        title = title_of(titles, one["issue_id"])
        yield SprintIssue(
            id=one["issue_id"],
            key=title.key,
            summary=title.summary,
            url=title.url,
            type="",
            status="",
            state=one["state"],
            points=one["final_points"],
            initial_points=one["initial_points"],
            outcome=one["outcome"],
            is_added=one["is_added"],
            is_committed=one["is_committed"],
            is_carried_over=one["is_carried_over"],
            is_impediment=one["is_impediment"],
            seconds=one["seconds"],
        )
