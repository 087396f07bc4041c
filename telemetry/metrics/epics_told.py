"""What is said of the open epics of a quarter, in their order. Pure.

Epics are taken to be finished in their order: each when what remains of it and of those before it
is done. How much longer that takes, since a team works on several at once, the team's own earlier
forecasts of epics tell.
"""

from collections.abc import Iterable, Sequence

from telemetry.metrics.correction import Corrected, Seen, corrected
from telemetry.metrics.simulation import Simulated


def told_in_order(
    simulated: Iterable[Simulated],
    ahead: int | None,
    whole: Corrected,
    own: Seen,
    lent: Sequence[Seen] = (),
) -> list[Corrected]:
    """What is to be said of each epic by what was seen of epics.

    None is told earlier, or likelier, than the one before it, and none later, or less likely, than
    the quarter as a `whole`, which is done when all of them are: of an only one the same is said.
    """
    found: list[Corrected] = []
    every = list(simulated)
    if len(every) == 1:
        return [whole]
    for one in every:
        said = corrected(one, ahead, own, lent)
        days, chance = said.days, said.in_time
        if found:
            days = tuple(map(_later, found[-1].days, days))
            chance = min(found[-1].in_time, chance)
        days = tuple(map(_earlier, whole.days, days))
        found.append(Corrected(days, max(whole.in_time, chance), said.points))
    return found


def _later(one: int | None, other: int | None) -> int | None:
    """The later of two; no day is later than any."""
    return None if one is None or other is None else max(one, other)


def _earlier(one: int | None, other: int | None) -> int | None:
    return min((each for each in (one, other) if each is not None), default=None)
