"""An invented quarter: epics done, late, put off, without an estimate, with a hostile name."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from telemetry.domain.calendar import Calendar
from telemetry.domain.quarter import Quarter
from telemetry.metrics.burnup import BurnupDay, Week
from telemetry.metrics.correction import Record
from telemetry.metrics.epic_figures import EpicFigures
from telemetry.metrics.forecast import Moves
from telemetry.metrics.programs import Part, last_done
from telemetry.metrics.quarter import Share, Term, capacity_limit, predictability, term_of
from telemetry.metrics.roadmap import Roadmap
from telemetry.metrics.roadmap_forecast import Driver, EpicOutlook, RoadmapOutlook
from telemetry.metrics.roadmap_outlook import epics_left
from telemetry.metrics.roadmap_runs import Known
from telemetry.metrics.standing import Amounts, amounts
from telemetry.metrics.what_if import Asked, Change, Drawn, Usual, WhatIf, what_if
from telemetry.report.quarter.shapes import (
    ChosenEpics,
    EpicRow,
    Portfolio,
    PortfolioTeam,
    ProgramName,
    ProgramQuarter,
    ProgramReport,
    QuarterReport,
    QuarterWeek,
    program_of,
)
from telemetry.report.shapes.teams import TeamRow
from telemetry.report.shapes.velocity import Velocity
from tests.web.invented import AS_OF, TODAY

CALENDAR = Calendar("Europe/Paris", holidays="FR")
CURRENT = Quarter(2026, 2)
NAMES = (
    ("Upgrade clusters in place", 34, 34, 0),
    ("Private control plane", 31, 26, 5),
    ('<script>alert("x")</script> Netzwerkrichtlinien 日本語', 26, 18, 2),
    ("GPU node pools", 24, 8, 0),
    ("Cluster health in the console", 0, 0, 0),
)
NOTHING = Roadmap((), 0.0, 0.0, 0.0, (), (), None, None)


def _epics(is_over: bool) -> list[EpicRow]:
    rows = []
    for place, (summary, total, done, going) in enumerate(NAMES):
        figures = EpicFigures(
            issue_id=place,
            programs=("Sovereign", "a/b <c>") if place == 1 else (),
            total_points=float(total),
            in_progress_points=float(going),
            done_points=float(done),
            unestimated_count=0 if total else 5,
            dependency_count=place % 2,
            child_count=6,
            done_count=1,
            slipped_from="Q1-26" if place == 2 else None,
            also_of=("Q1-26",) if place == 2 else (),
        )
        on = TODAY + timedelta(days=14 * place)
        dates = (on, on + timedelta(days=9), on + timedelta(days=30) if place != 3 else None)
        outlook = EpicOutlook(95.0 - 25 * place, dates)
        has_one = total > done and not is_over
        key = f"K8S-{2011 + place}"
        url = f"https://jira.example.com/browse/{key}"
        rows.append(
            EpicRow(key, summary, url, "To Do", figures, "k8s", outlook if has_one else None)
        )
    return rows


def _roadmap(first: date, last: date) -> Roadmap:
    day, days = first, list[BurnupDay]()
    weeks = list[Week]()
    end = min(last, TODAY)
    while day <= end:
        gone = (day - first).days
        days.append(BurnupDay(day, 100.0 + gone // 7, min(86.0, 2.4 * gone)))
        if day.weekday() == 6 or day == end:
            start = weeks[-1].ends_on + timedelta(days=1) if weeks else first
            ends_on = min(day + timedelta(days=6 - day.weekday()), last)
            weeks.append(Week(start, ends_on, 10.0 * len(weeks), 12.0, float(len(weeks) % 3 - 1)))
        day += timedelta(days=1)
    is_over = last < TODAY
    before = BurnupDay(first - timedelta(days=1), 100.0, 0.0)
    epics = tuple(row.figures for row in _epics(is_over))
    at_end = BurnupDay(last, 112.0, 80.0) if is_over else None
    return Roadmap(epics, 115.0, 7.0, 86.0, tuple(days), tuple(weeks), before, at_end)


POOL = tuple(Moves(float(n % 3), float(n % 7 == 0)) for n in range(60))
KNOWN = Known(POOL, Record([]).seen(TODAY))


def _what_if(term: Term, usual: Usual, change: Change, found: Roadmap) -> WhatIf:
    drawn = Drawn(115.0, 86.0, term.first, 40, POOL, ())
    return what_if(Asked(term, drawn, KNOWN, epics_left(found), TODAY, TODAY), usual, change)


@cache
def quarter(
    team_key: str, asked: Quarter | None, velocity: Velocity, change: Change | None = None
) -> QuarterReport:
    """A lively one for most teams, an empty one for `support`; nothing is known of `empty`."""
    which = asked or CURRENT
    term = term_of(which, CALENDAR)
    is_known = team_key != "empty"
    has_epics = team_key not in ("empty", "support") and which <= CURRENT
    found = _roadmap(term.first, term.last) if has_epics else NOTHING
    pace = velocity.velocity_points_per_day
    outlook, usual = RoadmapOutlook(why_none="not_running"), None
    if has_epics and which == CURRENT:
        dates = (date(2026, 6, 22), date(2026, 7, 10), None)
        drivers = (
            Driver("remaining", 31, 29.0),
            Driver("grown", 4, 15.0),
            Driver("growth", -1, -2.5),
            Driver("trend", -2, 0.3, 2.6, 2.9),
            Driver("unestimated", 3, 10.0),
            Driver("dependencies", 1, 1.0),
            Driver("lost", 2, None, 14.0, 23.0),
        )
        usual = Usual(pace, 0.1, Share(10, 100))
        outlook = RoadmapOutlook(61.0, dates, 110.0, 98.0, (), drivers)
    return QuarterReport(
        quarter=which,
        unit="point",
        has_sprints=team_key != "support",
        first=term.first,
        last=term.last,
        today=TODAY,
        current=CURRENT,
        as_of=AS_OF if is_known else None,
        calendar=CALENDAR,
        roadmap=found,
        epics=tuple(_epics(which < CURRENT)) if has_epics else (),
        weeks=tuple(QuarterWeek(week, n % 4, 3600 * n) for n, week in enumerate(found.weeks)),
        velocity=velocity,
        velocity_points_per_day=pace,
        predictability=predictability(term, found.remaining_points, pace, TODAY),
        capacity_limit_points=capacity_limit(pace, term, 0.1),
        security_coefficient=0.1,
        impediment_seconds=7200,
        known=(Quarter(2026, 1), CURRENT),
        outlook=outlook,
        worth=None,
        usual=usual,
        what_if=_what_if(term, usual, change, found) if usual and change else None,
    )


def with_chosen(found: QuarterReport, keys: Sequence[str]) -> QuarterReport:
    """The quarter with those of its epics chosen that have these keys."""
    rows = [row for row in found.epics if row.key in keys]
    if not rows:
        return found
    every = amounts(row.figures for row in rows)
    whole = found.roadmap.total_points
    days = tuple(
        replace(
            one,
            total_points=every.total_points,
            done_points=every.done_points * one.done_points / whole,
        )
        for one in found.roadmap.burnup
    )
    names = tuple(row.key for row in rows)
    some = ChosenEpics(names, days, None, every.total_points, every.done_points)
    return replace(found, chosen=some)


def programs() -> list[ProgramName]:
    return [ProgramName("Sovereign", (CURRENT,)), ProgramName("a/b <c>", (CURRENT,))]


def program(name: str, asked: Quarter | None) -> ProgramReport:
    """Of one team; a program of another name than those invented has no epic."""
    which = asked or CURRENT
    term = term_of(which, CALENDAR)
    rows = tuple(row for row in _epics(False) if name in row.figures.programs)
    figures = [row.figures for row in rows]
    outlooks = {row.figures.issue_id: row.outlook for row in rows if row.outlook}
    every = amounts(figures)
    part = Part(
        "k8s", "Managed Kubernetes", "point", term.last, every, last_done(figures, outlooks)
    )
    return ProgramReport(
        name=name,
        quarter=which,
        current=CURRENT,
        first=term.first,
        last=term.last,
        today=TODAY,
        calendar=CALENDAR,
        as_of=AS_OF,
        epics=rows,
        teams=(part,) if rows else (),
        amounts=every,
        burnup=_roadmap(term.first, term.last).burnup if rows else (),
        before=BurnupDay(term.first - timedelta(days=1), 100.0, 0.0),
        quarters=(ProgramQuarter(CURRENT, every), ProgramQuarter(None, Amounts(3.0, 0.0, 1.0, 1))),
        worth=None,
    )


def portfolio(teams: Sequence[TeamRow], asked: Quarter | None) -> Portfolio:
    """These teams: `empty` was never pulled, `support` has no epics, others are at odds."""
    which = asked or CURRENT
    term = term_of(which, CALENDAR)
    lines = [_line(team, place, which, term) for place, team in enumerate(teams)]
    parts: dict[str, list[Part]] = {}
    for line in lines:
        for name in line.programs:
            part = Part(line.key, line.name, line.unit, line.last, line.amounts, line.outlook)
            parts.setdefault(name, []).append(part)
    return Portfolio(
        quarter=which,
        current=CURRENT,
        timezone=CALENDAR.timezone,
        first=term.first,
        last=term.last,
        today=TODAY,
        working_days=term.working_days(),
        working_days_left=CALENDAR.working_days(TODAY, term.last),
        as_of=AS_OF,
        teams=tuple(lines),
        programs=tuple(program_of(name, parts[name]) for name in sorted(parts)),
        named=(Quarter(2026, 1), CURRENT),
    )


def _line(team: TeamRow, place: int, which: Quarter, term: Term) -> PortfolioTeam:
    has_epics = team.key not in ("empty", "support") and which <= CURRENT
    figures = [row.figures for row in _epics(which < CURRENT)] if has_epics else []
    every = amounts(figures)
    pace = None if team.key == "empty" else 0.5 + place
    on = TODAY + timedelta(days=20 * place)
    said = EpicOutlook(90.0 - 20 * place, (on, on + timedelta(days=9), None if place == 3 else on))
    is_running = has_epics and which == CURRENT
    at_end = BurnupDay(term.last, 112.0, 80.0) if has_epics and which < CURRENT else None
    return PortfolioTeam(
        key=team.key,
        name=team.name,
        unit="hour" if place == 2 else "point",
        freshness=team.freshness,
        first=term.first,
        last=term.last,
        today=TODAY,
        amounts=every,
        before_points=100.0 if has_epics else None,
        at_end=at_end,
        velocity_points_per_day=pace,
        predictability=predictability(term, every.remaining_points, pace, TODAY),
        outlook=said if is_running else None,
        programs=("Sovereign", "a/b <c>") if has_epics else (),
        slipped_count=1 if has_epics else 0,
        double_count=1 if has_epics else 0,
    )
