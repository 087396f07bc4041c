"""Tables of what forecasts came to: each promise, and each kind's chances and width."""

from collections.abc import Iterator
from typing import Any, Final

from telemetry.export.tables import Kind, Table, column, count
from telemetry.metrics.forecast import AMOUNTS, PERCENTILES
from telemetry.metrics.tally import Tally
from telemetry.report.calibration import Calibration, KindRecord

_OF: Final = (
    column("team", "The team's key; empty: all teams together."),
    column("kind", "What was forecast: sprint, epic, quarter or program."),
    column("source", "shown: recorded as it was shown; back_test: made again on past days."),
)
_PROMISES: Final = (
    *_OF,
    column("promise", "date, or amount done by the planned end."),
    column("promised_percent", "The chance with which it was given."),
    count("count", "Promises that can be judged."),
    count("held_count", "Of them, those that held."),
    column("came_true_percent", "The same as a share."),
    column("median_working_days", "From the forecast to the day it gave; the median.", Kind.NUMBER),
    column("pinball_loss", "The mean pinball loss of dates, in working days.", Kind.NUMBER),
)
_CHANCES: Final = (
    *_OF,
    count("forecast_count", "Forecasts, judged or not."),
    count("subject_count", "Sprints, epics, quarters or programs that they were of."),
    count("gone_count", "Forecasts left out: what they were of is there no more."),
    column("first_on", "The first forecast's day."),
    column("last_on", "The last one's."),
    count("chance_count", "Chances whose planned end is over."),
    column("brier", "The mean square by which they were off.", Kind.NUMBER),
    column("base_brier", "The same of always saying how often it came.", Kind.NUMBER),
    column("skill_percent", "By how much the chances were nearer than that."),
    column(
        "median_width_working_days",
        "From the day with 50 to that with 85 percent; the median.",
        Kind.NUMBER,
    ),
)


def of_calibration(found: Calibration) -> tuple[Table, ...]:
    """What forecasts came to, of all and of each team."""
    every = list(_records(found))
    promises = [row for key, one in every for row in _promises(key, one)]
    chances = [row for key, one in every for row in _chances(key, one)]
    return Table("promises", _PROMISES, promises), Table("chances", _CHANCES, chances)


def _records(found: Calibration) -> Iterator[tuple[str | None, KindRecord]]:
    if len(found.teams) != 1 or len(found.kinds) > len(found.teams[0].kinds):
        yield from ((None, one) for one in found.kinds)
    for team in found.teams:
        yield from ((team.key, one) for one in team.kinds)


def _sources(one: KindRecord) -> Iterator[tuple[str, Tally]]:
    yield "shown", one.shown
    yield "back_test", one.tested


def _promises(key: str | None, one: KindRecord) -> Iterator[tuple[Any, ...]]:
    for source, tally in _sources(one):
        for promise, percents, levels in (
            ("date", PERCENTILES, tally.dates),
            ("amount", AMOUNTS, tally.amounts),
        ):
            for promised, level in zip(percents, levels, strict=True):
                yield (
                    key,
                    one.kind,
                    source,
                    promise,
                    promised,
                    level.count,
                    level.held,
                    level.held_percent,
                    level.median_ahead,
                    level.mean_loss,
                )


def _chances(key: str | None, one: KindRecord) -> Iterator[tuple[Any, ...]]:
    for source, tally in _sources(one):
        yield (
            key,
            one.kind,
            source,
            tally.count,
            tally.subject_count,
            tally.gone_count,
            tally.first_on,
            tally.last_on,
            tally.chance_count,
            tally.brier,
            tally.base_brier,
            None if tally.skill is None else 100 * tally.skill,
            tally.median_width,
        )
