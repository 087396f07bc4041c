"""Two invented weeks: one that runs, one that is frozen and was edited since."""

from dataclasses import replace
from datetime import date, timedelta

from telemetry.domain.calendar import Calendar
from telemetry.domain.week import read_week
from telemetry.metrics.figures import Nature, TimeSplit
from telemetry.metrics.flow import Percentiles
from telemetry.report.reviews.shapes import Ageing, FlowIssue, Frozen
from telemetry.report.reviews.week_shapes import (
    WeekEdits,
    WeekFigures,
    WeekKept,
    WeekReview,
    WeekRow,
    WeekSprint,
    WeekUsual,
)
from telemetry.report.shapes.teams import TeamRow
from telemetry.report.shapes.time import TimeRow
from tests.web import invented, invented_impediments
from tests.web.invented import AS_OF, HOUR, MARKUP
from tests.web.invented_impediments import QUIET

RUNNING, OVER = WEEKS = (read_week("2026-W19"), read_week("2026-W18"))
URL = "https://jira.example.com/browse/"


def _issue(number: int, points: float | None, days: float | None) -> FlowIssue:
    key = f"K8S-{number}"
    return FlowIssue(number, key, f"Item {number} {MARKUP}", URL + key, points, days)


AGEING = Ageing(9.5, (_issue(7, 3.0, 21.0),))
FIGURES = WeekFigures(
    done_count=3,
    done_points=8.0,
    cycle_days=3.2,
    came_count=4,
    begun_count=2,
    reopened_count=1,
    in_progress_count=3,
    time=TimeSplit(60 * HOUR, 9 * HOUR, 4 * HOUR),
    impediment_count=3,
    opened_count=2,
    closed_count=1,
    open_count=2,
)


def _kept(week, *, logs_time: bool) -> WeekKept:
    natures = {"network": 6 * HOUR, "support": 3 * HOUR}
    days = [week.first_on + timedelta(days=n) for n in range(7)]
    daily = [TimeRow(day, TimeSplit(8 * HOUR, 0, 0), {}) for day in days]
    daily[1] = TimeRow(days[1], TimeSplit(8 * HOUR, 9 * HOUR, 0), natures)
    rows = tuple(invented.impediments()[:3])
    return WeekKept(
        figures=FIGURES,
        before=replace(FIGURES, done_count=5, cycle_days=None) if week == RUNNING else None,
        usual=WeekUsual(12, 4.0, 5.0 * HOUR, Percentiles(2, 6, 9.5), 2.0, {"network": HOUR}),
        daily=tuple(daily),
        natures=tuple(Nature(name, 1, seconds) for name, seconds in natures.items()),
        done=tuple(_issue(n, 2.0 if n else None, 1.5 if n != 2 else None) for n in range(3)),
        in_progress=(*AGEING.issues, _issue(8, None, 4.0), _issue(9, 1.0, 0.1)),
        impediments=rows,
        open_impediments=rows[:2],
        sprints=(WeekSprint(27, f"Sprint 27 {MARKUP}", 30, 5, 2, 1, 12, 0, 22),),
        ageing=AGEING,
        open_time=None if logs_time else invented_impediments.open_time(),
        has_time=logs_time,
    )


def review(team: TeamRow, week) -> WeekReview:
    frozen, edits = None, None
    if week == OVER:
        end = Calendar("Europe/Paris").day_end(week.last_on)
        frozen = Frozen(end, end + timedelta(minutes=9), end + timedelta(minutes=9))
        edits = WeekEdits(FIGURES, replace(FIGURES, done_count=2))
    return WeekReview(
        team=team,
        week=week,
        calendar=Calendar("Europe/Paris"),
        unit="point",
        today=date(2026, 5, 6),
        as_of=AS_OF,
        until=week.last_on if week == OVER else AS_OF.date(),
        kept=_kept(week, logs_time=team.key != QUIET),
        is_over=week == OVER,
        frozen=frozen,
        edits=edits,
        reviewed=frozenset({27} if team.key == "k8s" else ()),
    )


def rows() -> list[WeekRow]:
    return [WeekRow(RUNNING, False), WeekRow(OVER, True, AS_OF, "partly")]
