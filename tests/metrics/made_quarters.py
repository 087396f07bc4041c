"""Epics of six quarters made by chance, with what is left over done in the next one."""

from datetime import datetime, timedelta
from random import Random

from telemetry.domain.calendar import Calendar
from telemetry.domain.quarter import Quarter
from telemetry.metrics.epic_figures import Epic
from telemetry.metrics.epics import Child, EpicLabels, ProgramSpell, Spell, Step
from telemetry.metrics.quarter import term_of
from tests.builders import at

CALENDAR = Calendar(holidays="DE")
QUARTERS = [Quarter(2024, 4), *(Quarter(2025, number) for number in (1, 2, 3, 4)), Quarter(2026, 1)]
TERMS = [term_of(one, CALENDAR) for one in QUARTERS]
NOW = at("2026-01-06 09:00")
EPICS, CHILDREN = 4, 6
POINTS = (1.0, 2.0, 3.0, 5.0)


def made_epics(seed: int) -> list[Epic]:
    """The even ones are of Evergreen, and the first of each quarter is of Basalt for a month."""
    chance, found = Random(seed), []
    for number, term in enumerate(TERMS):
        first = CALENDAR.day_start(term.first)
        for place in range(EPICS):
            issue_id = 1000 * number + 100 * place + 1
            spell = Spell(str(term.quarter), first - timedelta(days=9), None)
            programs = [ProgramSpell("Evergreen", spell.since, None)] if place % 2 == 0 else []
            if place == 0:
                programs.append(ProgramSpell("Basalt", first, first + timedelta(days=30)))
            labels = EpicLabels((spell.quarter,), (), (), (spell,), tuple(programs))
            children = [
                Child(issue_id + 1 + one, False, _steps(chance, first)) for one in range(CHILDREN)
            ]
            found.append(Epic(issue_id, labels, [one for one in children if one.steps]))
    return found


def _steps(chance: Random, first: datetime) -> tuple[Step, ...]:
    made = first + timedelta(days=chance.choice((-5, -5, -5, 20)), hours=9)
    done = first + timedelta(days=21 + chance.random() * 90)
    points = chance.choice(POINTS)
    steps = (Step(made, "todo", points), Step(done, "done", points))
    return tuple(step for step in steps if step.at <= NOW)
