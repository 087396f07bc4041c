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
class SprintEstimates:
    """`gap` are the estimated parts; `usual_natures` median seconds by nature, of those known.

    `usual_natures` is None where no sprint has closed before.
    """

    remaining_without_impediments_points: float | None
    gap: tuple[Part, ...]
    usual_natures: Mapping[str, float] | None


def estimates(
    figures: SprintFigures, earlier: Sequence[SprintFigures], known: Usual
) -> SprintEstimates:
    """The estimates of a sprint after these; `known` is what was usual in them."""
    lost = (figures.impediment_seconds, figures.off_plan_seconds)
    return SprintEstimates(
        remaining_without_impediments_points=remaining_without_impediments(
            figures.remaining_points, *lost, known
        ),
        gap=explained_parts(figures.gap, *lost, known),
        usual_natures=usual_natures(earlier) if earlier else None,
    )


def usual_natures(sprints: Sequence[SprintFigures]) -> Mapping[str, float]:
    """The median seconds of each nature over some sprints, those without it as 0."""
    natures = [{one.nature: one.seconds for one in figures.natures} for figures in sprints]
    names = {name for some in natures for name in some}
    return {name: float(median(some.get(name, 0) for some in natures)) for name in names}
