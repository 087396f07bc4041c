"""What is said of a team's quarter: whether it is achievable, when it is done, and of its epics."""

from statistics import median

from telemetry.metrics.forecast import NOTHING as NO_POINTS
from telemetry.report.quarter.shapes import EpicRow, QuarterReport, QuarterWeek
from telemetry.words import targets as to
from telemetry.words.outlook import chance_of
from telemetry.words.values import (
    NOTHING,
    Day,
    Figure,
    Number,
    Part,
    Sentence,
    counted,
    figure,
    hours,
    percent,
    plural,
    sentence,
)

TOLD = 85  # the chance of the day that is told
NAMED = 2  # epics that are named in a sentence
LATE = -1  # working days of predictability below which it is called late
HALF = 0.05  # points: less than this is no change


def _amount(found: QuarterReport, value: float) -> Number:
    return counted(value, found.unit)


def achievable(found: QuarterReport) -> Sentence:
    """Whether what is left fits into the working days that are left, and why."""
    name = str(found.quarter)
    if found.as_of is None:
        return sentence("Nothing is known yet: the first pull of this team has not ended.")
    if found.is_over and found.roadmap.at_end is not None:
        return _past(found)
    if not found.epics:
        return sentence(f"No epic has the label {name} yet: with it, an epic is of this quarter.")
    if not found.roadmap.total_points:
        return sentence(
            "Nothing says whether the roadmap is achievable: no child of its ",
            counted(len(found.epics), "epic"),
            " has an estimate.",
        )
    left = found.roadmap.remaining_points
    if left <= NO_POINTS:
        return sentence("All ", figure(_amount(found, found.roadmap.done_points)), " are done.")
    return sentence(_against_days(found, left), _growth(found))


def _past(found: QuarterReport) -> Sentence:
    end, now = found.roadmap.at_end, found.roadmap
    if end is None or not (end.total_points or now.total_points):
        return sentence(f"{found.quarter} is over, and no estimated work was of it.")
    said = sentence(
        "At its end ",
        figure(Number(end.done_points), " of ", _amount(found, end.total_points)),
        plural(end.done_points, " was", " were"),
        " done",
        sentence(", ", percent(end.progression_percent)) if end.total_points else None,
        ".",
    )
    is_same = (end.total_points, end.done_points) == (now.total_points, now.done_points)
    if is_same:
        return said
    return sentence(
        said,
        f" Of the epics that have its label now, {_verb(now.done_points)} ",
        figure(Number(now.done_points), " of ", _amount(found, now.total_points)),
        ".",
    )


def _verb(count: float) -> str:
    return f"{plural(count, 'is', 'are')} done by now"


def _against_days(found: QuarterReport, left: float) -> Sentence:
    known = found.predictability
    amount = figure(_amount(found, left), " left", to=to.Roadmap("roadmap"))
    days_left = sentence(
        figure(Number(known.working_days_left)),
        plural(known.working_days_left, " is left", " are left"),
    )
    if known.days is None or known.days_to_complete is None:
        why = "nothing was completed in the last sprints"
        if found.velocity_points_per_day is None:
            why = "no sprint has closed yet" if found.has_sprints else "nothing was done lately"
        return sentence(
            "Whether the ", amount, f" can be done is not known: {why}, so there is no velocity."
        )
    needs = plural(left, "needs", "need")
    need = sentence(amount, f" {needs} ", counted(known.days_to_complete, "working day"))
    match known.state:
        case "good":
            return sentence("In time: the ", need, ", and ", days_left, ".")
        case "watch":
            return sentence("Close: the ", need, ", and ", days_left, ".")
    late = counted(round(-known.days), "working day")
    return sentence("Not in time: the ", need, ", and ", days_left, ": about ", late, " late.")


def _growth(found: QuarterReport) -> Sentence:
    """By how much the scope grew since the quarter began, and whether it would hold without."""
    before, velocity = found.roadmap.before, found.velocity_points_per_day
    if before is None or not before.total_points:
        return NOTHING
    grown = found.roadmap.total_points - before.total_points
    if abs(grown) < HALF:
        return NOTHING
    if grown < 0:
        return sentence(
            " Scope shrank by ", figure(_amount(found, -grown)), " since the quarter began."
        )
    days = found.predictability.days
    holds = None
    if days is not None and days < LATE and velocity and days + grown / velocity >= 0:
        holds = "; without that the quarter would hold"
    return sentence(" Scope grew by ", figure(_amount(found, grown)), holds, ".")


def sure(found: QuarterReport) -> Sentence:
    """The chance of the quarter's end, and the days by which all its epics are done."""
    outlook = found.outlook
    if outlook.why_none is not None or outlook.probability_percent is None:
        return _why_none(found)
    if found.roadmap.remaining_points <= NO_POINTS:
        return sentence("Nothing is left to forecast.")
    on_50, on_85, _ = outlook.dates
    half = sentence("All of them are done by ", Day(on_50, found.today), " with ", percent(50))
    if on_50 is None:
        half = sentence("No day is ", percent(50), " sure")
    then = sentence(", by ", figure(Day(on_85, found.today)), " with ", percent(TOLD), ".")
    if on_85 is None:
        then = sentence("; no day is ", percent(TOLD), " sure.") if on_50 else sentence(".")
    return sentence(
        "The chance that all epics are done by the quarter’s end is ",
        chance_of(outlook.probability_percent),
        ". ",
        half,
        then,
        _by_end(found),
    )


def _by_end(found: QuarterReport) -> Sentence:
    likely, safe = found.outlook.done_50_points, found.outlook.done_85_points
    if likely is None or safe is None:
        return NOTHING
    return sentence(
        " By its end likely ",
        figure(_amount(found, likely)),
        f" {plural(likely, 'is', 'are')} done, at least ",
        Number(safe),
        " with ",
        percent(TOLD),
        ".",
    )


def _why_none(found: QuarterReport) -> Sentence:
    if found.is_over:
        return sentence("The quarter is over: nothing is left to forecast.")
    if found.is_to_come:
        return sentence("A forecast is made once the quarter runs.")
    if found.outlook.why_none == "few_days":
        return sentence(
            "Nothing is forecast: it takes 20 working days with something to do of the epics of "
            "quarters, and something done on them."
        )
    if not found.epics:
        return sentence("Nothing is forecast: no epic is of the quarter.")
    return sentence("Nothing is forecast: no child of its epics has an estimate.")


def epics(found: QuarterReport) -> Sentence:
    """How many epics are done and expected in time, which are not, and which have no estimate."""
    every = found.epics
    if not every:
        return sentence(f"No epic has the label {found.quarter}.")
    open_ = [one for one in every if one.figures.remaining_points > NO_POINTS]
    blank = [one for one in every if not one.figures.total_points]
    done = len(every) - len(open_) - len(blank)
    count = counted(len(every), "epic")
    start = sentence(figure(Number(done), " of ", count), plural(done, " is done", " are done"))
    late = [one for one in open_ if _chance(one) is not None and (_chance(one) or 0) < 50]
    in_time = [one for one in open_ if (_chance(one) or 0) >= 50]
    more = NOTHING
    if in_time:
        many = plural(len(in_time), "is expected", "are expected")
        more = sentence(", ", Number(len(in_time)), f" more {many} in time")
    missed = NOTHING
    if late:
        missed = sentence("; ", *_names(late), plural(len(late), " is not", " are not"))
    return sentence(start, more, missed, ".", _blank(blank))


def _chance(one: EpicRow) -> float | None:
    return None if one.outlook is None else one.outlook.probability_percent


def _names(rows: list[EpicRow]) -> list[Part]:
    named = rows[:NAMED] if len(rows) <= NAMED + 1 else rows[: NAMED - 1]
    if len(rows) == NAMED + 1:
        named = rows
    parts: list[Part] = []
    for place, one in enumerate(named):
        is_last = place == len(named) - 1 and len(named) == len(rows)
        parts += [("" if not place else " and " if is_last else ", "), _epic(one)]
    if len(named) < len(rows):
        parts += [" and ", figure(Number(len(rows) - len(named)), " more")]
    return parts


def _epic(row: EpicRow) -> Figure:
    return figure(row.summary or row.key, to=to.External(row.url, f"{row.key} in Jira"))


def _blank(blank: list[EpicRow]) -> Sentence:
    if not blank:
        return NOTHING
    if len(blank) == 1:
        return sentence(" One has ", figure("no estimate", to=to.Roadmap("roadmap")), ".")
    return sentence(
        " ", Number(len(blank)), " have ", figure("no estimate", to=to.Roadmap("roadmap")), "."
    )


def weeks(found: QuarterReport) -> Sentence:
    """A usual week, and the last one that is over beside it."""
    whole = [one for one in found.weeks if one.week.ends_on < found.today and _is_whole(one)]
    if not whole:
        return sentence("No week of the quarter is over yet.")
    last = whole[-1]
    usual = NOTHING
    if len(whole) > 2:
        middle = median(one.week.done_points for one in whole[:-1])
        usual = sentence("A usual week adds ", _amount(found, middle), "; ")
    lead = "the week to " if usual else "The week to "
    return sentence(
        usual,
        lead,
        figure(Day(last.week.ends_on, found.today)),
        " added ",
        Number(last.week.done_points),
        _instead(found, last),
        ".",
    )


def _is_whole(one: QuarterWeek) -> bool:
    """Whether the quarter holds all days of a week."""
    return (one.week.ends_on - one.week.starts_on).days == 6


def _instead(found: QuarterReport, one: QuarterWeek) -> Sentence:
    parts: list[Part] = []
    if one.impediment_seconds:
        parts += [", with ", figure(hours(one.impediment_seconds)), " of impediments"]
    change = one.week.scope_change_points
    if abs(change) >= HALF:
        joint = " and " if parts else ", with "
        kind = " of new scope" if change > 0 else " taken out"
        parts += [joint, figure(_amount(found, abs(change))), kind]
    return sentence(*parts)
