"""What a sprint's figures say beside those of the sprints closed before it: estimates.

They are computed whenever they are shown and are not stored: the figures of earlier sprints
change when somebody edits the past, and what is derived from them then follows by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from telemetry.metrics.figures import SprintFigures
from telemetry.metrics.gap import Part, explained_parts, remaining_without_impediments
from telemetry.metrics.velocity import Usual


@dataclass(frozen=True, slots=True)
class ImpedimentCost:
    """What the hours on impediments could have brought: the usual part, and what is above it."""

    usual_points: float
    surplus_points: float


@dataclass(frozen=True, slots=True)
class SprintEstimates:
    """`gap` are the estimated parts; `usual_natures` median seconds by nature, of those known.

    `usual_natures` is None where no sprint has closed before.
    """

    remaining_without_impediments_points: float | None
    impediment_cost: ImpedimentCost | None
    gap: tuple[Part, ...]
    usual_natures: Mapping[str, float] | None


def estimates(
    figures: SprintFigures, earlier: Sequence[SprintFigures], known: Usual
) -> SprintEstimates:
    """The estimates of a sprint after these; `known` is what was usual in them by now."""
    usual_by_nature = usual_natures(earlier) if earlier else None
    if figures.impediment_seconds is None:
        return SprintEstimates(None, None, (), usual_by_nature)
    lost = (figures.impediment_seconds, figures.off_plan_seconds)
    return SprintEstimates(
        remaining_without_impediments_points=remaining_without_impediments(
            figures.remaining_points, *lost, known
        ),
        impediment_cost=impediment_cost(figures.impediment_seconds, known),
        gap=explained_parts(figures.gap, *lost, known),
        usual_natures=usual_by_nature,
    )


def impediment_cost(seconds: int, known: Usual) -> ImpedimentCost | None:
    """The cost of so much time; None where the team's points per planned hour are unknown."""
    rate = known.points_per_planned_hour
    if rate is None:
        return None
    usual_seconds = min(seconds, known.impediment_seconds or 0.0)
    return ImpedimentCost(usual_seconds / 3600 * rate, (seconds - usual_seconds) / 3600 * rate)


def usual_natures(sprints: Sequence[SprintFigures]) -> Mapping[str, float]:
    """The median seconds of each nature over some sprints, those without it as 0."""
    natures = [{one.nature: one.seconds for one in figures.natures} for figures in sprints]
    names = {name for some in natures for name in some}
    return {name: float(median(some.get(name, 0) for some in natures)) for name in names}
