"""Which few of many causes make up most of a total.

Read by the report of impediments, for natures by time and by count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One cause; `cumulative_percent` is its share with those of all larger ones.

    Both shares are None where all amounts are 0: of nothing there is no share.
    """

    name: str
    amount: float
    share_percent: float | None
    cumulative_percent: float | None


def pareto(amounts: Mapping[str, float]) -> tuple[Step, ...]:
    """The causes with the largest amount first, equal ones by name."""
    total = sum(amounts.values())
    steps, sum_so_far = [], 0.0
    for name in sorted(amounts, key=lambda name: (-amounts[name], name)):
        sum_so_far += amounts[name]
        shares = [100 * part / total if total else None for part in (amounts[name], sum_so_far)]
        steps.append(Step(name, amounts[name], *shares))
    return tuple(steps)


def vital_few(steps: Sequence[Step], percent: float = 80) -> tuple[Step, ...]:
    """The fewest causes that together make up at least `percent` of the total, none of nothing."""
    found: list[Step] = []
    for step in steps:
        if step.cumulative_percent is None:
            break
        found.append(step)
        if step.cumulative_percent >= percent - 1e-9:
            break
    return tuple(found)
