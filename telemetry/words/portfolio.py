"""What is said of a quarter of all teams: how many are in time, how far all are, who is late."""

from telemetry.metrics.standing import exact_sum
from telemetry.report.quarter.shapes import Portfolio, PortfolioTeam
from telemetry.words import targets as to
from telemetry.words.programs import LATE
from telemetry.words.values import (
    NOTHING,
    Number,
    Part,
    Sentence,
    counted,
    figure,
    percent,
    plural,
    sentence,
)

GROWN = 10.0  # percent: less is not worth a word
RISK = "risk"  # the choice of teams at risk alone


def is_at_risk(team: PortfolioTeam) -> bool:
    """Whether its predictability is late, or its forecast rather late than in time."""
    return team.state == "bad" or is_rather_late(team)


def is_rather_late(team: PortfolioTeam) -> bool:
    """Whether its forecast is rather late than in time."""
    chance = team.outlook.probability_percent if team.outlook else None
    return chance is not None and chance < LATE


def portfolio(found: Portfolio) -> Sentence:
    """How many teams are late, close and in time, and how much of all is done."""
    having = [team for team in found.teams if team.amounts.epic_count]
    if not found.teams:
        return sentence("No team is configured yet: telemetry.yml names them.")
    if not having:
        return sentence(f"No epic of any team has the label {found.quarter}.")
    return sentence(_states(found, having), " ", _done(found, having), _days(found), _growth(found))


def _states(found: Portfolio, having: list[PortfolioTeam]) -> Sentence:
    count = len(having)
    if found.is_over or found.is_to_come:
        verb = plural(count, "has", "have") if not found.is_over else plural(count, "had", "had")
        return sentence(figure(counted(count, "team")), f" {verb} epics of {found.quarter}.")
    late = sum(team.state == "bad" for team in having)
    close = sum(team.state == "watch" for team in having)
    good = sum(team.state == "good" for team in having)
    unknown = count - late - close - good
    rest: list[Part] = [", ", Number(unknown), " not known"] if unknown else []
    if good == count:
        return sentence(_every(count), f" {plural(count, 'is', 'are')} in time.", _doubts(found))
    return sentence(
        figure(Number(late), " of ", counted(count, "team")),
        f" {plural(late, 'is', 'are')} late, ",
        Number(close),
        " close, ",
        Number(good),
        " in time",
        *rest,
        ".",
        _doubts(found),
    )


def _every(count: int) -> Sentence:
    return sentence("All " if count > 1 else "The ", figure(counted(count, "team")))


def _doubts(found: Portfolio) -> Sentence:
    """How many teams' forecasts are rather late, whatever their velocity says."""
    late = [team for team in found.teams if is_rather_late(team)]
    if not late:
        return NOTHING
    many = figure(counted(len(late), "team"), to=_risk(found))
    verb = plural(len(late), "is", "are")
    return sentence(" By their forecasts ", many, f" {verb} rather late than in time.")


def _risk(found: Portfolio) -> to.Portfolio:
    return to.Portfolio(str(found.quarter), RISK)


def _done(found: Portfolio, having: list[PortfolioTeam]) -> Sentence:
    """What is done of what, for each unit by itself; of a past quarter what was at its end."""
    sums: dict[str, list[tuple[float, float]]] = {}
    for team in having:
        end = team.at_end or team.amounts
        sums.setdefault(team.unit, []).append((end.total_points, end.done_points))
    parts: list[Part] = []
    done = 0.0
    for place, unit in enumerate(sorted(sums)):
        total = exact_sum(one[0] for one in sums[unit])
        done = exact_sum(one[1] for one in sums[unit])
        joint = "" if not place else " and " if place == len(sums) - 1 else ", "
        share = sentence(" (", percent(100 * done / total), ")") if total else None
        parts += [joint, figure(Number(done), " of ", counted(total, unit)), share]
    is_one = len(sums) == 1 and plural(done, "one", "many") == "one"
    verb = ("was" if is_one else "were") if found.is_over else ("is" if is_one else "are")
    return sentence(*parts, f" {verb} done", " at its end" if found.is_over else None)


def _days(found: Portfolio) -> Sentence:
    if found.is_over or found.is_to_come or not found.working_days:
        return sentence(".")
    gone = 100 * (found.working_days - found.working_days_left) / found.working_days
    return sentence(", with ", percent(gone), " of the working days gone.")


def _growth(found: Portfolio) -> Sentence:
    """Which teams' scope grew most since the quarter began."""
    grown = [(team.growth_percent, team) for team in found.teams if team.growth_percent is not None]
    value, most = max(grown, key=lambda pair: pair[0], default=(0.0, None))
    if most is None or value < GROWN or found.is_over:
        return NOTHING
    name = figure(most.name, to=to.TeamQuarter(most.key, str(found.quarter)))
    return sentence(" Scope grew most for ", name, ", by ", percent(value), ".")
