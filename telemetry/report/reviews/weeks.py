"""Reads the review of a week: as it was kept when it was over, or as history tells it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from telemetry.domain.team import unit_of
from telemetry.domain.week import Week, week_of
from telemetry.errors import NotFound
from telemetry.report.reviews.shapes import Frozen
from telemetry.report.reviews.week_frozen import from_json, issue_ids, titled
from telemetry.report.reviews.week_reading import Weeks, first_week
from telemetry.report.reviews.week_shapes import WeekEdits, WeekReview, WeekRow
from telemetry.report.shapes.teams import TeamRow
from telemetry.report.sprint.snapshots import read_titles
from telemetry.report.sprint.summaries import read_choices
from telemetry.report.teams.team import StoredTeam
from telemetry.store.reviews import read_frozen_ids, read_outcomes
from telemetry.store.week_reviews import read_kept_weeks, read_week

LISTED = 53  # weeks before the running one that nothing was kept of


@dataclass(frozen=True, slots=True)
class Beside:
    """What reviews of a team's weeks are told from, beside what was kept of each.

    `begins` is the first week of which history tells something, `reviewed` the sprints that Jira
    has, and those that only their review still knows.
    """

    begins: Week | None
    live: Weeks
    reviewed: frozenset[int]


def read_beside(
    connection: Connection, team: StoredTeam, first: Week, last: Week, as_of: datetime
) -> Beside:
    """What is wanted of these weeks, read once for all of them."""
    return Beside(
        first_week(connection, team),
        Weeks(connection, team, first, last, as_of),
        _reviewed(connection, team),
    )


def read_week_review(
    connection: Connection,
    team: StoredTeam,
    row: TeamRow,
    week: Week,
    now: datetime,
    beside: Beside | None = None,
) -> WeekReview:
    """The review of a week. Raises NotFound for one of which nothing can be known."""
    rules, as_of = team.rules, team.as_of
    if as_of is None:
        raise NotFound(f"nothing is known of team '{rules.key}' yet: its first pull has not ended")
    current = week_of(rules.calendar.day_of(as_of))
    stored = read_week(connection, rules.key, rules.site, str(week))
    if week > current:
        raise NotFound(f"nothing is known of {week} yet: data reach to a day of {current}")
    begins = first_week(connection, team) if beside is None else beside.begins
    if stored is None and (begins is None or week < begins):
        known = f"from {begins} on" if begins else "not yet"
        raise NotFound(f"nothing is known of team '{rules.key}' in {week}: it is {known}")
    if beside is None:
        beside = read_beside(connection, team, week, week, as_of)
    live = beside.live
    then, frozen, edits = rules, None, None
    if stored is None:
        kept = live.kept(week)
    else:
        kept, then = from_json(stored.record)
        end = then.calendar.day_end(week.last_on)
        frozen = Frozen(end, stored.taken_at, stored.taken_at)
        edits = WeekEdits(kept.figures, live.figures(week))
    is_over = as_of >= then.calendar.day_end(week.last_on)
    return WeekReview(
        team=row,
        week=week,
        calendar=then.calendar,
        unit=unit_of(then),
        today=rules.calendar.day_of(now),
        as_of=as_of,
        until=week.last_on if is_over else rules.calendar.day_of(as_of),
        kept=titled(kept, read_titles(connection, team, issue_ids(kept))),
        is_over=is_over,
        frozen=frozen,
        edits=edits,
        reviewed=beside.reviewed if kept.sprints else frozenset(),
    )


def _reviewed(connection: Connection, team: StoredTeam) -> frozenset[int]:
    known = {one.id for one in read_choices(connection, team) if one.started_at}
    return frozenset(known | read_frozen_ids(connection, team.rules.key, team.rules.site).keys())


def read_week_rows(connection: Connection, team: StoredTeam) -> list[WeekRow]:
    """The weeks to look back on, the newest first: those kept, and those of the last year."""
    rules, as_of = team.rules, team.as_of
    if as_of is None:
        return []
    kept = read_kept_weeks(connection, rules.key, rules.site)
    outcomes = read_outcomes(connection, rules.key)
    current = week_of(rules.calendar.day_of(as_of))
    names = {str(one): one for one in _since(current, first_week(connection, team))}
    every = sorted(names.keys() | kept.keys(), reverse=True)
    return [
        WeekRow(week, week < current, kept.get(name), outcomes.get(name, ""))
        for name in every
        if (week := names.get(name) or _named(name)) is not None
    ]


def _named(name: str) -> Week:
    year, _, number = name.partition("-W")
    return Week(int(year), int(number))


def _since(current: Week, begins: Week | None) -> Iterator[Week]:
    week = current
    for _ in range(LISTED + 1):
        if begins is None or week < begins:
            return
        yield week
        week = week.back()
