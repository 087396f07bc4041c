"""Tables of what methods of forecasting are worth: what held, and how wide it was.

A method is not narrower for giving no day where it is hard to: so, beside what each method said by
itself, ours and the other's stand of the same forecasts, those of which both gave both days.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from telemetry.metrics.correction import Corrected
from telemetry.metrics.forecast import PERCENTILES, Promise, Worth, together
from telemetry.metrics.hindsight import Hindsight, worth
from tests.forecast.team import Team

OURS = "corrected"
LIKELY, SURE = PERCENTILES.index(50), PERCENTILES.index(85)
NONE = "–"
AnyTeam = TypeVar("AnyTeam", bound=Team)


@dataclass(frozen=True, slots=True)
class Told:
    """What a method said of teams, as `corrected`: of each the same days in the same order.

    `seconds` are those of the processor a team.
    """

    by_team: Sequence[Sequence[Hindsight]]
    teams: Sequence[Team]
    seconds: float = 0.0

    @property
    def worth(self) -> Worth | None:
        pairs = zip(self.by_team, self.teams, strict=True)
        return together([worth(found, team.calendar, team.today) for found, team in pairs])

    @property
    def said(self) -> list[Corrected]:
        return [one.corrected for found in self.by_team for one in found]

    def is_beside(self, ours: "Told") -> bool:
        """Whether it is another method's word of the same days as ours."""
        lengths = [list(map(len, one.by_team)) for one in (self, ours)]
        return self is not ours and lengths[0] == lengths[1]

    def beside(self, other: "Told") -> "Told":
        """Ours with the other's as `simulated`, where both gave both days."""
        found = []
        for ours, theirs in zip(self.by_team, other.by_team, strict=True):
            pairs = list(zip(ours, theirs, strict=True))
            assert all(one.day == their.day for one, their in pairs)
            both = [replace(one, simulated=their.corrected) for one, their in pairs]
            found.append([one for one in both if _has(one.corrected) and _has(one.simulated)])
        return Told(found, self.teams)


def _has(said: Corrected) -> bool:
    return said.days[LIKELY] is not None and said.days[SURE] is not None


def width_of(said: Sequence[Corrected]) -> list[str]:
    """Medians in working days, of forecasts with both days: from 50 to 85 %, and up to 85 %."""
    days = [one.days for one in said if _has(one)]
    if not days:
        return [NONE, NONE]
    return [
        f"{median(some[SURE] - some[LIKELY] for some in days):g}",
        f"{median(some[SURE] for some in days):g}",
    ]


def report(
    title: str,
    populations: dict[str, list[AnyTeam]],
    methods: Callable[[Sequence[AnyTeam]], dict[str, Told]],
) -> None:
    """Print what each method is worth for each population and for all together."""
    teams = [team for some in populations.values() for team in some]
    populations = populations | {"all": teams}
    alone = Table(title=f"{title}: share held at 50 / 85 / 95 %, loss in working days")
    same = Table(title=f"{title}: ours beside theirs on the same forecasts, working days")
    wide = ("50 to 85 %", "to 85 %")
    for name in ("population", "method", "held", "dates", "loss", "Brier", "reached", *wide, "CPU"):
        alone.add_column(name)
    for name in ("population", "beside", "forecasts", *wide, "held, ours", "held, theirs"):
        same.add_column(name)
    for name, some in populations.items():
        every = methods(some)
        for method, told in every.items():
            found = told.worth
            if found is None:
                continue
            cpu = f"{told.seconds:.2f} s" if told.seconds else ""
            alone.add_row(name, method, *_scores(found), *width_of(told.said), cpu)
            if told.is_beside(every[OURS]):
                same.add_row(name, method, *_same(every[OURS].beside(told)))
    console = Console(width=150)
    console.print(alone)
    console.print(same)


def _scores(found: Worth) -> list[str]:
    scores = found.corrected
    dates = " / ".join(f"{one.count}" for one in scores.dates)
    loss = " / ".join(NONE if one.loss is None else f"{one.loss:.2f}" for one in scores.dates)
    brier = NONE if scores.brier is None else f"{scores.brier:.3f}"
    return [_held(scores.dates), dates, loss, brier, _held(scores.amounts)]


def _same(both: Told) -> list[str]:
    """How many forecasts, and of ours / theirs: the widths, then what held at 50 and 85 %."""
    theirs = [one.simulated for found in both.by_team for one in found]
    widths = zip(width_of(both.said), width_of(theirs), strict=True)
    found = both.worth
    held = [_held(one.dates[: SURE + 1]) for one in (found.corrected, found.simulated)]
    return [f"{len(theirs)}", *(f"{ours} / {their}" for ours, their in widths), *held]


def _held(promises: Sequence[Promise]) -> str:
    shares = [one.came_true_percent for one in promises]
    return " / ".join(NONE if one is None else f"{one:.1f}" for one in shares)
