"""What is to be computed again of one team: the same list for one issue and for all. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from telemetry.facts.affected import Window
from telemetry.store.upsert import chunks

Spell = tuple[date, date]
T = TypeVar("T")

# so that no other writer waits long, and no more is held in memory at a time
IMPEDIMENTS_AT_ONCE = 10_000
FLOW_AT_ONCE = 1_000
SPRINTS_AT_ONCE = 10
FORECASTS_AT_ONCE = 30
SPELLS_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Touched:
    """What each writer writes again.

    `impediments` and `flow` are issues, `spells` runs of days from first to last, and `known` the
    sprints among which those are that these days lie in. `dropped` are sprints that are the
    team's no more, with their sites. Where `is_whole`, all of the team is computed, and nobody is
    looked for who learns from what is touched. `is_last` ends a computation of the team: then
    `issues` are all that changed, and `retold` the site's sprints that did. `is_complete` ends
    what a complete pull brought.
    `is_news`: pages tell of the change itself, as of a name, whether or not facts follow from it.
    """

    impediments: Sequence[int] = ()
    flow: Sequence[int] = ()
    sprints: Sequence[Window] = ()
    forecasts: Sequence[Window] = ()
    spells: Sequence[Spell] = ()
    known: Mapping[int, Window] = field(default_factory=dict)
    dropped: Sequence[tuple[str, int]] = ()
    issues: Sequence[int] = ()
    retold: Sequence[int] = ()
    is_whole: bool = False
    is_last: bool = False
    is_complete: bool = False
    is_news: bool = False

    def parts(self) -> Iterator["Touched"]:
        """All this in portions for a batch each; at least one.

        Sprints rest on impediments, forecasts on sprints: these begin when those have ended.
        """
        impediments = _portions(self.impediments, IMPEDIMENTS_AT_ONCE)
        after = max(0, len(impediments) - 1)
        sprints = _portions(self.sprints, SPRINTS_AT_ONCE, after)
        forecasts = _portions(self.forecasts, FORECASTS_AT_ONCE, max(after, len(sprints) - 1))
        flow = _portions(self.flow, FLOW_AT_ONCE)
        spells = _portions(self.spells, SPELLS_AT_ONCE, after)
        count = max(1, len(impediments), len(flow), len(sprints), len(forecasts), len(spells))
        for place in range(count):
            yield replace(
                self,
                impediments=_at(impediments, place),
                flow=_at(flow, place),
                sprints=_at(sprints, place),
                forecasts=_at(forecasts, place),
                spells=_at(spells, place),
                dropped=self.dropped if place == 0 else (),
                is_last=self.is_last and place == count - 1,
                is_complete=self.is_complete and place == count - 1,
            )


def _portions(values: Sequence[T], size: int, after: int = 0) -> list[Sequence[T]]:
    """The values in portions, the first of them at the place `after`; none for no values."""
    found = list(chunks(values, size))
    return [*([()] * after), *found] if found else []


def _at(portions: Sequence[Sequence[T]], place: int) -> Sequence[T]:
    return portions[place] if place < len(portions) else ()
