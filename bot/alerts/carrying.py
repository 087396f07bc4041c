"""Carries alerts on from one look to the next, in a transaction that a dry look takes back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, Engine

from bot.alerts.writing import RULE_OFF, Counts, Writer
from telemetry.alerts.life import Look, steps
from telemetry.alerts.memory import memory_of
from telemetry.alerts.readings import Answer
from telemetry.settings.alerting import RULES
from telemetry.store.alerts import read_open
from telemetry.store.engine import writing


class Undone(Exception):
    """Takes back what a look would have written."""


@dataclass(slots=True)
class Evaluation:
    """What a look came to; `planned` says what would be told, and where."""

    team_count: int = 0
    counts: Counts = field(default_factory=Counts)
    planned: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    is_busy: bool = False


def in_transaction(engine: Engine, is_dry: bool, work: Callable[[Connection], None]) -> None:
    """Work in one transaction, which a dry look takes back."""
    try:
        with writing(engine) as connection:
            work(connection)
            if is_dry:
                raise Undone
    except Undone:
        return


def carry_on(
    connection: Connection,
    writer: Writer,
    answers: Mapping[str, Answer],
    before: Mapping[str, object],
    lasting: frozenset[str],
    known_day: date,
) -> dict[str, object]:
    """Carry every rule's alerts on; what the rules remember from now on, by name.

    Ends of days count up to the one that data reach.
    """
    records = read_open(connection, writer.place.team_key)
    memories: dict[str, object] = {}
    for name, answer in answers.items():
        mine = [one for one in records if one.rule == name]
        look = Look(
            calendar=writer.place.calendar,
            today=known_day,
            memory=memory_of(before.get(name)),
            open={one.subject_id: writer.as_open(one) for one in mine},
            lasting=lasting,
        )
        changes, memory = steps(answer, look)
        for change in changes:
            writer.write(name, change)
        memories[name] = memory.to_json()
    for record in records:
        if record.rule not in answers and record.rule in RULES:
            writer.end(record, RULE_OFF)
    return memories
