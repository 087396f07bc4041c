"""The programs of a quarter in a digest of all teams, a sentence each, the least likely first."""

from collections.abc import Collection

from telemetry.metrics.forecast import NOTHING as NO_POINTS
from telemetry.report.quarter.shapes import Portfolio, PortfolioProgram
from telemetry.words import targets as to
from telemetry.words.digests.digest import NAME
from telemetry.words.outlook import chance_of
from telemetry.words.programs import done_of
from telemetry.words.tame import tame
from telemetry.words.values import (
    NOTHING,
    Day,
    Sentence,
    counted,
    figure,
    percent,
    plural,
    sentence,
)

MOST = 5  # programs that are told one by one


def program_lines(found: Portfolio, among: Collection[str] | None = None) -> tuple[Sentence, ...]:
    """What is said of each program with epics of these teams, or of any."""
    wanted = [
        one
        for one in found.programs
        if among is None or any(part.key in among for part in one.teams)
    ]
    ordered = sorted(wanted, key=_worst_first)
    said = [_line(found, one) for one in ordered[:MOST]]
    more = len(ordered) - MOST
    if more > 0:
        quarter = figure(counted(more, "program"), to=to.Portfolio(str(found.quarter)))
        said.append(sentence("And ", quarter, f" more {plural(more, 'has', 'have')} epics of it."))
    return tuple(said)


def _worst_first(one: PortfolioProgram) -> tuple[bool, bool, float, str]:
    """Those with something left before those that are done, those without a forecast between."""
    chance = None if one.outlook is None else one.outlook.probability_percent
    return one.amounts.remaining_points <= NO_POINTS, chance is None, chance or 0.0, one.name


def _line(found: Portfolio, one: PortfolioProgram) -> Sentence:
    name = figure(tame(one.name, NAME), to=to.Program(one.name, str(found.quarter)))
    start = sentence("Program ", name, f" in {found.quarter}: ")
    every = one.amounts
    if not every.total_points:
        epics = counted(every.epic_count, "epic")
        return sentence(start, "no child of its ", epics, " has an estimate.")
    if every.remaining_points <= NO_POINTS:
        return sentence(start, "all that is estimated is done.")
    units = {part.unit for part in one.teams}
    return sentence(start, done_of(every, units), " done", _when(found, one), ".")


def _when(found: Portfolio, one: PortfolioProgram) -> Sentence:
    if found.is_over or found.is_to_come:
        return NOTHING
    outlook, latest = one.outlook, one.critical
    if outlook is None or outlook.probability_percent is None:
        return sentence("; when the rest is, is not known")
    on = outlook.dates[1]
    day = sentence("no day is ", percent(85), " sure")
    if on is not None:
        day = sentence("all by ", figure(Day(on, found.today)), " with ", percent(85))
    who = NOTHING
    if latest is not None and len(one.teams) > 1:
        team = figure(tame(latest.name, NAME), to=to.TeamQuarter(latest.key, str(found.quarter)))
        who = sentence(", which ", team, " decides")
    chance = chance_of(outlook.probability_percent)
    return sentence("; ", day, who, "; by the quarter’s end with ", chance)
