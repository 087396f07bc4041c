"""Epics drawn by chance, and what they were at a day's end: told from each step, no sums kept."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from hypothesis import strategies as st

from telemetry.domain.calendar import Calendar
from telemetry.domain.quarter import Quarter
from telemetry.metrics.epic_figures import Epic
from telemetry.metrics.epics import OUT, Child, EpicLabels, Spell, Step
from telemetry.metrics.quarter import term_of
from tests.builders import at

CALENDAR = Calendar(holidays="DE")
Q1, Q2 = (term_of(Quarter(2026, number), CALENDAR) for number in (1, 2))
STATES = ("todo", "in_progress", "done", OUT)
NOW = at("2026-02-18 15:00")
LATER = at("2026-04-20 09:00")


def instants():
    """Instants from before the quarter to after it; midnights belong to the day that begins."""
    hours = st.sampled_from([0, 0, 9, 12, 15, 23])
    days = st.integers(-20, 115)
    return st.builds(
        lambda day, hour: at("2026-01-01 00:00") + timedelta(days=day, hours=hour), days, hours
    )


@st.composite
def children(draw, number):
    moments = sorted(draw(st.sets(instants(), min_size=1, max_size=6)))
    points = st.sampled_from([None, 0.0, 0.5, 1.0, 3.0, 8.0])
    steps = [Step(moment, draw(st.sampled_from(STATES)), draw(points)) for moment in moments]
    return Child(number, draw(st.booleans()), tuple(steps))


@st.composite
def epics(draw):
    found = []
    for number in range(draw(st.integers(1, 3))):
        moments = sorted(draw(st.sets(instants(), max_size=4)))
        spells = [
            Spell(draw(st.sampled_from(["Q1-26", "Q1-26", "Q2-26"])), since, until)
            for since, until in zip(moments, [*moments[1:], None], strict=False)
        ]
        if spells and draw(st.booleans()):
            spells[-1] = spells[-1]._replace(until=spells[-1].since + timedelta(days=9))
        now = tuple(one.quarter for one in spells if one.until is None)
        some = [draw(children(10 * number + place)) for place in range(draw(st.integers(0, 3)))]
        found.append(Epic(number, EpicLabels(now, (), (), tuple(spells)), some))
    return found


def came(moment: datetime, end: datetime, as_of: datetime) -> bool:
    """Whether that came before a day's end, as far as is known."""
    return moment < end and moment <= as_of


def step_of(child: Child, end: datetime, as_of: datetime) -> Step | None:
    steps = [step for step in child.steps if came(step.at, end, as_of)]
    return steps[-1] if steps and steps[-1].state != OUT else None


def has_label(epic: Epic, quarter: str, end: datetime, as_of: datetime) -> bool:
    return any(
        spell.quarter == quarter
        and came(spell.since, end, as_of)
        and not (spell.until and came(spell.until, end, as_of))
        for spell in epic.labels.spells
    )


def sums(found: Iterable[Child], end: datetime, as_of: datetime) -> tuple[float, float]:
    """Points in all and done at a day's end."""
    steps = [step for one in found if (step := step_of(one, end, as_of))]
    done = [step for step in steps if step.state == "done"]
    return sum(step.points or 0 for step in steps), sum(step.points or 0 for step in done)
