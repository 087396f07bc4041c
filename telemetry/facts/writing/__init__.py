"""Computes facts and writes them: a tuple of writers, the same for one issue and for all."""

from collections.abc import Callable

from telemetry.facts.reading.batch import Batch
from telemetry.facts.writing.days import write_days
from telemetry.facts.writing.epics import write_epics
from telemetry.facts.writing.flow import write_flow
from telemetry.facts.writing.forecasts import write_forecasts
from telemetry.facts.writing.impediments import write_impediments
from telemetry.facts.writing.next import write_next
from telemetry.facts.writing.quality import write_quality
from telemetry.facts.writing.snapshots import write_snapshots
from telemetry.facts.writing.sprints import forget_sprints, write_sprints

Writer = Callable[[Batch], int]
"""Writes what the batch touches of one kind of facts; returns the number of rows that changed."""

WRITERS: tuple[Writer, ...] = (  # each may read what those before it wrote
    forget_sprints,
    write_impediments,
    write_flow,
    write_epics,
    write_sprints,
    write_forecasts,
    write_days,
    write_quality,
    write_next,
    write_snapshots,
)


def write_batch(batch: Batch) -> int:
    """Write all that the batch touches; the number of rows that changed."""
    return sum(write(batch) for write in WRITERS)
