"""Invented flow: many items done, some lying, one with a hostile name; and too few, and none."""

from datetime import date, timedelta
from functools import cache

from telemetry.domain.calendar import Calendar
from telemetry.metrics.flow import (
    ONE_DAY,
    Passage,
    State,
    cumulative,
    percentiles,
    rank_of,
    throughput,
)
from telemetry.report.shapes.flow import Flow, FlowItem, TypeFlow
from tests.web.invented import AS_OF

CALENDAR = Calendar("Europe/Paris")
HOSTILE = '<script>alert("x")</script> Überlauf im 日本語 Namen'
TYPES = ("Story", "Bug <b>", "Task & more")
LYING = 14


def flow(team_key: str, first: date, last: date, type_name: str | None) -> Flow:
    """Sixty items for most teams, three for `metal`, none for others without sprints."""
    if team_key == "empty":
        return Flow(None, first, last, TypeFlow(type_name))
    count = {"metal": 3, "support": 0}.get(team_key, 60)
    return _flow(count, first, last, type_name)


@cache
def _flow(count: int, first: date, last: date, type_name: str | None) -> Flow:
    every = [*_done(count), *_lying(LYING if count > 5 else 0)]
    start, end = CALENDAR.day_start(first), CALENDAR.day_end(last)
    seen = [p for p in every if p.done_at is None or p.done_at >= start]
    kinds = dict.fromkeys(p.type_name for p in seen)
    whole = _figures(type_name, seen, end)
    shown = [p for p in seen if type_name in (None, p.type_name)]
    until = min(last, CALENDAR.day_of(AS_OF))
    done = [p for p in shown if p.done_at and p.done_at < end]
    lying = [p for p in shown if p.done_at is None]
    return Flow(
        as_of=AS_OF,
        first=first,
        last=last,
        whole=whole,
        types=tuple(_figures(kind, seen, end) for kind in (None, *kinds)),
        weeks=tuple(throughput((CALENDAR.day_of(p.done_at) for p in done), first, until)),
        days=tuple(cumulative(shown, first, until, CALENDAR)),
        done=tuple(_item(p, whole) for p in sorted(done, key=lambda p: p.done_at, reverse=True)),
        in_progress=tuple(_item(p, whole) for p in lying),
    )


def _passage(number, type_name, created_at, started_at, done_at) -> Passage:
    """An item that never went back."""
    instants = (created_at, started_at, done_at)
    states = tuple((at, state.value) for at, state in zip(instants, State, strict=True) if at)
    return Passage(number, type_name, created_at, started_at, done_at, states=states)


def _done(count: int) -> list[Passage]:
    """Every tenth never in progress, one that took very long."""
    made = []
    for n in range(count):
        done_at = AS_OF - timedelta(days=1.4 * n + 0.3)
        took = timedelta(days=0.4 + n * 7 % 11 + (60 if n == 20 else 0))
        started_at = None if n % 10 == 9 else done_at - took
        created_at = done_at - took - 9 * ONE_DAY
        made.append(_passage(n, TYPES[n % 3], created_at, started_at, done_at))
    return made


def _lying(count: int) -> list[Passage]:
    begun = [AS_OF - timedelta(days=30 / (1 + n)) for n in range(count)]
    return [
        _passage(100 + n, TYPES[n % 3], at - 4 * ONE_DAY, at, None) for n, at in enumerate(begun)
    ]


def _figures(kind: str | None, seen: list[Passage], end) -> TypeFlow:
    mine = [p for p in seen if kind in (None, p.type_name)]
    done = [p for p in mine if p.done_at and p.done_at < end]
    lying = [p for p in mine if p.done_at is None]
    cycle = percentiles(p.cycle_days for p in done)
    late = sum((AS_OF - p.started_at) / ONE_DAY > cycle.days_85 for p in lying) if cycle else None
    never = sum(p.started_at is None for p in done)
    lead = percentiles(p.lead_days for p in done)
    return TypeFlow(kind, len(done), never, len(lying), late, cycle, lead)


def _item(way: Passage, whole: TypeFlow) -> FlowItem:
    age = None if way.done_at else (AS_OF - way.started_at) / ONE_DAY
    is_hostile = way.issue_id in (0, 100)
    return FlowItem(
        id=way.issue_id,
        key=f"K8S-{way.issue_id}",
        summary=HOSTILE if is_hostile else "Resize node pools",
        url=f"https://jira.example.com/browse/K8S-{way.issue_id}",
        type=way.type_name,
        status="In Review" if way.issue_id % 2 else "In Progress",
        column=None if is_hostile else "In Progress",
        created_at=way.created_at,
        started_at=way.started_at,
        done_at=way.done_at,
        cycle_days=way.cycle_days,
        lead_days=way.lead_days,
        age_days=age,
        passed=None if age is None else rank_of(age, whole.cycle_days),
    )
