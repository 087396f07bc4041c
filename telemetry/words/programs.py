"""What is said of a program: how far it is, when it is done, and which team decides that."""

from collections.abc import Iterable

from telemetry.metrics.forecast import NOTHING as NO_POINTS
from telemetry.metrics.programs import Part
from telemetry.metrics.standing import Amounts
from telemetry.report.quarter.shapes import Portfolio, PortfolioProgram, ProgramReport
from telemetry.words import targets as to
from telemetry.words.outlook import chance_of
from telemetry.words.values import (
    NOTHING,
    Day,
    Number,
    Sentence,
    counted,
    figure,
    percent,
    plural,
    sentence,
)

LATE = 50.0  # percent: with less it is not expected in time


def done_of(found: Amounts, units: Iterable[str]) -> Sentence:
    """How much is done of how much; in percent alone where units are mixed."""
    named = list(units)
    if len(named) != 1:
        return sentence(percent(found.progression_percent))
    return sentence(
        figure(Number(found.done_points), " of ", counted(found.total_points, named[0])),
        ", ",
        percent(found.progression_percent),
        ",",
    )


def program(found: ProgramReport) -> Sentence:
    """How far a program's quarter is, and of how many teams."""
    name, every = str(found.quarter), found.amounts
    if not every.epic_count:
        elsewhere = [str(one.quarter) for one in found.quarters if one.quarter is not None]
        rest = f" Its epics are of {', '.join(elsewhere)}." if elsewhere else NOTHING
        return sentence(f"No epic of the program has the label {name}.", rest)
    if not every.total_points:
        return sentence(
            "Nothing says how far the program is: no child of its ",
            counted(every.epic_count, "epic"),
            " has an estimate.",
        )
    if every.remaining_points <= NO_POINTS:
        return sentence("All that is estimated of ", counted(every.epic_count, "epic"), " is done.")
    return sentence(
        done_of(every, found.units),
        f" {_verb(found)} done, over ",
        counted(every.epic_count, "epic"),
        " of ",
        counted(len(found.teams), "team"),
        ".",
        _ended(found),
    )


def _verb(found: ProgramReport) -> str:
    """A share is one, whatever it is of."""
    is_share = len(found.units) != 1
    return "is" if is_share else plural(found.amounts.done_points, "is", "are")


def _ended(found: ProgramReport) -> Sentence:
    if not found.is_over or not found.burnup:
        return NOTHING
    end = found.burnup[-1]
    share = percent(end.progression_percent)
    return sentence(" At the quarter’s end ", figure(share), " of what was its scope then was.")


def sure(found: ProgramReport) -> Sentence:
    """When the program is done, with which chance, and whose date that is."""
    if found.is_over:
        return sentence("The quarter is over: nothing is left to forecast.")
    if found.is_to_come:
        return sentence("A forecast is made once the quarter runs.")
    if found.amounts.remaining_points <= NO_POINTS:
        return sentence("Nothing is left to forecast.")
    outlook, latest = found.outlook, found.critical
    if outlook is None or latest is None:
        blind = [one for one in found.teams if one.is_open and one.outlook is None]
        return sentence(
            "Its date is not known: nothing is forecast of ",
            *_named(blind, str(found.quarter)),
            ".",
        )
    on_50, on_85, _ = outlook.dates
    by_85 = sentence("No day is ", percent(85), " sure")
    if on_85 is not None:
        by_85 = sentence("All is done by ", figure(Day(on_85, found.today)), " with ", percent(85))
    by_50 = sentence(", by ", Day(on_50, found.today), " with ", percent(50)) if on_50 else NOTHING
    team = figure(latest.name, to=to.TeamQuarter(latest.key, str(found.quarter)))
    who = sentence(team, " decides that date") if len(found.teams) > 1 else NOTHING
    return sentence(
        by_85,
        by_50,
        sentence("; ", who, ".") if who else ".",
        " The chance of the quarter’s end is ",
        chance_of(outlook.probability_percent or 0.0),
        ".",
    )


def _named(parts: Iterable[Part], quarter: str) -> list[Sentence]:
    every = list(parts)
    said = [
        sentence(", " if place else None, figure(one.name, to=to.TeamQuarter(one.key, quarter)))
        for place, one in enumerate(every[:3])
    ]
    if len(every) > 3:
        said.append(sentence(" and ", Number(len(every) - 3), " more"))
    return said


def programs(found: Portfolio) -> Sentence:
    """How many programs there are in a quarter, and which of them ends last."""
    if not found.programs:
        return sentence(
            f"No epic of {found.quarter} has a label Project_…: with one, it is of that program."
        )
    count = counted(len(found.programs), "program")
    verb = plural(len(found.programs), "has", "have")
    said = sentence(figure(count), f" {verb} epics of {found.quarter}.")
    late = [one for one in found.programs if is_late(one)]
    if not late:
        return said
    names = [
        sentence(
            ", " if place else None, figure(one.name, to=to.Program(one.name, str(found.quarter)))
        )
        for place, one in enumerate(late[:2])
    ]
    more = sentence(" and ", Number(len(late) - 2), " more") if len(late) > 2 else NOTHING
    verb = "are" if len(late) > 1 else "is"
    return sentence(said, " ", *names, more, f" {verb} not expected in time.")


def is_late(program: PortfolioProgram) -> bool:
    """Whether it is rather late than in time."""
    return program.outlook is not None and (program.outlook.probability_percent or 0.0) < LATE
