"""A row of the list of teams: its figures, kept while they stay the same, and its HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from markupsafe import escape

from telemetry.report.shapes.teams import TeamRow
from telemetry.report.teams.listed import (
    ListedTeam,
    PastSprint,
)
from telemetry.words.numbers import UNKNOWN
from telemetry.words.teams import behind_percent, why_no_figures
from web.pages.teams import cells
from web.show.numbers import (
    age,
    clock,
    day_of,
)
from web.show.saved import IS_SAVED
from web.show.text import text

PAST_SHARES = 11  # beside the one of the running sprint


@dataclass(frozen=True, slots=True)
class Figures:
    """What a row shows of the facts: values to sort by (None is unknown), and its cells' HTML.

    `basis` is all that they are made of: the same again makes the same figures.
    """

    basis: tuple[object, ...]
    done_percent: float | None
    behind: float | None
    impediment_percent: float | None
    kept_percent: float | None
    shares: tuple[float, ...]  # of impediments, newest last
    name_html: str
    sprint_html: str  # up to the working day
    day_title: str
    bar_html: str
    kept_html: str
    reason_html: str | None  # in place of sprint, bar and those behind where no sprint runs


@dataclass(frozen=True, slots=True)
class Scales:
    """What the longest bar and the highest line of a column stand for, in percent."""

    behind: float
    impediments: float


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One row at a moment: the figures, and how old the data are."""

    row: TeamRow
    figures: Figures
    age: str

    @property
    def gone_percent(self) -> float | None:
        """The share of the planned working days that is over."""
        if self.row.working_day is None or not self.row.working_days_planned:
            return None
        return 100 * self.row.working_day / self.row.working_days_planned


def figures(
    rows: Sequence[ListedTeam], now: datetime, before: Mapping[str, Figures]
) -> dict[str, Figures]:
    """The rows' figures by team, in their order: those of before where nothing has changed."""
    years: dict[str, int] = {}
    found = {}
    for row in rows:
        team = row.team
        if (year := years.get(team.timezone)) is None:
            year = years[team.timezone] = now.astimezone(ZoneInfo(team.timezone)).year
        basis, old = _basis(row, year), before.get(team.key)
        is_same = old is not None and old.basis == basis
        found[team.key] = old if old is not None and is_same else _figures(row, basis, now)
    return found


def scales(every: Sequence[Figures]) -> Scales:
    """The scales that all rows share."""
    behind = max((abs(one.behind) for one in every if one.behind is not None), default=0.0)
    top = max((share for one in every for share in one.shares), default=0.0)
    return Scales(behind, max(20.0, 10 * -(-top // 10)))


def line(row: TeamRow, found: Figures, now: datetime) -> TeamLine:
    """A team's line as it is now."""
    at = row.freshness.pulled_at
    return TeamLine(row, found, _aged(row, at, now) if at else UNKNOWN)


def _aged(row: TeamRow, at: datetime, now: datetime) -> str:
    """How old its data are; when they were read, on a page that is kept."""
    if not IS_SAVED.get():
        return age(at, now)
    zone = ZoneInfo(row.timezone)
    return f"{day_of(at, zone, now.astimezone(zone).date())}, {clock(at, zone)}"


def html(line: TeamLine, scales: Scales) -> str:
    """The row as an element of a table's body."""
    row, found = line.row, line.figures
    why, aged = "", f'<span class="soft">{line.age}</span>'
    if row.freshness.is_stale:
        mark = '<span aria-hidden="true">▲ </span>'
        aged = f'<span class="stale">{mark}{line.age}<span class="away"> stale</span></span>'
        if row.freshness.reason:
            reason = escape(row.freshness.reason)
            why = f'<small class="why" title="{reason}">{mark}{reason}</small>'
    elif row.misfits:
        why = cells.to_correct(row)
    middle = found.reason_html
    if middle is None:
        day = cells.working_day(row, found.day_title)
        behind = cells.behind(found.behind, scales.behind)
        middle = f"{found.sprint_html}{day}</td>{found.bar_html}{behind}"
    shares = cells.impediments(
        found.impediment_percent, found.shares, scales.impediments, has_sprints=row.has_sprints
    )
    return (
        f"{found.name_html}{why}</th>{middle}{shares}{found.kept_html}"
        f'<td class="num age-col">{aged}</td></tr>'
    )


def _basis(row: ListedTeam, year: int) -> tuple[object, ...]:
    team, sprint = row.team, row.team.sprint
    of_team = (team.key, team.name, team.timezone, team.has_sprints, year, row.past)
    is_read, count = team.freshness.as_of is not None, len(team.active_sprints)
    if sprint is None:
        return (*of_team, is_read, count)
    of_sprint = (sprint.name, sprint.state, sprint.planned_end_at, sprint.completed_at)
    figures = sprint.figures
    if figures is None:
        return (*of_team, is_read, count, *of_sprint)
    return (
        *of_team,
        is_read,
        count,
        *of_sprint,
        figures.committed_points,
        figures.in_progress_points,
        figures.done_points,
        figures.total_points,
        figures.completion_percent,
        figures.unestimated_count,
        figures.expected_remaining_points,
        figures.behind_points,
        figures.planned_seconds,
        figures.impediment_seconds,
        figures.off_plan_seconds,
    )


def _figures(row: ListedTeam, basis: tuple[object, ...], now: datetime) -> Figures:
    team, running, past = row.team, row.running, row.past
    known = running.figures if running else None
    zone = ZoneInfo(team.timezone)
    today = now.astimezone(zone).date()
    reason = None
    if known is None or not known.total_points:
        reason = f'<td colspan="3" class="reason">{escape(text(why_no_figures(team, today)))}</td>'
    ends = None if running is None else running.planned_end_at
    return Figures(
        basis=basis,
        done_percent=known.completion_percent if known else None,
        behind=behind_percent(team) if running else None,
        impediment_percent=row.impediment_share_percent,
        kept_percent=row.commitment_kept_percent,
        shares=_shares(past, row.running_share_percent),
        name_html=(
            f'<tr id="t-{escape(team.key)}"><th scope="row">'
            f'<a href="/teams/{quote(team.key, safe="")}">{escape(team.name)}</a>'
        ),
        sprint_html=cells.sprint(running, len(team.active_sprints) - 1) if running else "",
        day_title=f' title="planned to end on {day_of(ends, zone, today)}"' if ends else "",
        bar_html=cells.bar(known) if known else "",
        kept_html=cells.kept(past, row.commitment_kept_percent),
        reason_html=reason,
    )


def _shares(past: Sequence[PastSprint], running: float | None) -> tuple[float, ...]:
    before = [one.impediment_share_percent for one in reversed(past[:PAST_SHARES])]
    return tuple(value for value in (*before, running) if value is not None)
