"""Computes and writes the time of a team's days."""

from telemetry.facts.reading.batch import Batch
from telemetry.facts.touched import Spell
from telemetry.facts.writing.sprints import slot_rows
from telemetry.metrics.logged_time import team_time
from telemetry.store import schema as s
from telemetry.store.upsert import replace


def write_days(batch: Batch) -> int:
    """Compute and write the team's time of the touched days, up to `as_of`."""
    return sum(_write(batch, spell) for spell in batch.touched.spells)


def _write(batch: Batch, spell: Spell) -> int:
    start, end = batch.span_of(spell)
    done = batch.work.block(start, end).work
    windows = (
        window
        for window in batch.touched.known.values()
        if len(done) and window.start < end and window.end > start
    )
    seconds = team_time(done, batch.scopes(windows), has_sprints=batch.rules.has_sprints)
    return replace(
        batch.connection,
        s.team_days,
        {"team_key": batch.rules.key},
        slot_rows(seconds),
        within=s.team_days.c.day.between(*spell),
    )
