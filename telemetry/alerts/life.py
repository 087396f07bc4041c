"""The life of an alert: opened, at most once worsened, resolved; pure, from look to look."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from telemetry.alerts.memory import Held, Memory
from telemetry.alerts.readings import Answer, Reading, Unable
from telemetry.domain.calendar import Calendar
from telemetry.words.alerts.said import Said

REMEMBERED = timedelta(days=30)  # subjects that are seen no more, lest an event is told again
BELOW, GONE = "below", "gone"  # why one is over: its figure, or what it was about


@dataclass(frozen=True, slots=True)
class Open:
    """An open alert, as far as its life depends on it."""

    id: int
    subject_id: str
    opened_at: datetime
    opened_value: float
    is_worsened: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A new alert; `is_silent`: it was true before anybody looked."""

    reading: Reading
    said: Said
    is_silent: bool


@dataclass(frozen=True, slots=True)
class Renewed:
    """An alert that goes on, as it stands now."""

    alert: Open
    reading: Reading
    said: Said
    is_worsened: bool


@dataclass(frozen=True, slots=True)
class Resolved:
    """An alert that is over; `reading` is None where its subject is."""

    alert: Open
    because: str
    reading: Reading | None = None


Step = Opened | Renewed | Resolved


@dataclass(frozen=True, slots=True)
class Look:
    """One look of one rule at one team: when, and what stands so far.

    `lasting` are subjects that are there still, though their figures may not be known now.
    """

    calendar: Calendar
    today: date
    memory: Memory
    open: Mapping[str, Open]
    lasting: frozenset[str] = frozenset()


def steps(answer: Answer, look: Look) -> tuple[list[Step], Memory]:
    """What becomes of the rule's alerts, and what it remembers.

    A rule that cannot tell leaves all as it is.
    """
    if isinstance(answer, Unable):
        known = look.memory
        return [], Memory(known.held, is_new=False, unable=answer.reason)
    held = {reading.subject.id: _held(reading, look) for reading in answer}
    found: list[Step] = []
    for reading in answer:
        if reading.is_event:
            found += _event(reading, look)
        else:
            found += _next(reading, held[reading.subject.id], look)
    present = held.keys() | look.lasting
    found += [Resolved(one, GONE) for key, one in look.open.items() if key not in present]
    before = look.memory.held.items()
    kept = {key: one for key, one in before if look.today - one.on <= REMEMBERED}
    return found, Memory(kept | held, is_new=False)


def _held(reading: Reading, look: Look) -> Held:
    known = look.memory.held.get(reading.subject.id)
    if known is None:
        return Held(reading.is_true, look.today)
    return known.then(reading.is_true, look.today, look.calendar)


def _event(reading: Reading, look: Look) -> Iterator[Step]:
    """An event is told once; what happened before the first look is no news."""
    is_known = look.memory.is_new or reading.subject.id in look.memory.held
    if not is_known:
        yield Opened(reading, reading.say(0), is_silent=False)


def _next(reading: Reading, held: Held, look: Look) -> Iterator[Step]:
    ends = held.ends if reading.held_ends is None else reading.held_ends
    alert = look.open.get(reading.subject.id)
    if alert is None:
        if reading.is_true and ends >= reading.needed_ends:
            is_silent = look.memory.is_new and not reading.is_of_now
            yield Opened(reading, reading.say(ends), is_silent)
    elif not reading.is_true and reading.is_released:
        yield Resolved(alert, BELOW, reading)
    else:
        is_worse = not alert.is_worsened and reading.is_worse_than(alert.opened_value)
        yield Renewed(alert, reading, reading.say(ends), is_worse)
