"""Whether a running sprint will make it, as its page, the wall and the terminal say it."""

from datetime import date
from zoneinfo import ZoneInfo

from telemetry.metrics.figures import SprintFigures
from telemetry.metrics.forecast import Promise, Scores, Worth
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.words.targets import SprintIssues
from telemetry.words.values import (
    NOTHING,
    Day,
    Figure,
    Number,
    Part,
    Sentence,
    counted,
    day_of,
    figure,
    percent,
    plural,
    points,
    sentence,
)

FEWEST = 10  # statements that can be judged: of fewer no share is told
TOLD = 85  # the chance of which it is told what came of it
HALF = 0.05  # points: less than this is not left


def will_it_be_done(
    sprint: SprintSummary, figures: SprintFigures, today: date, zone: ZoneInfo
) -> Sentence:
    """The chance of the planned end, what is done and left by then, and what that is worth.

    Nothing where the planned end has passed, or there is none; else why it is not known.
    """
    end = day_of(sprint.planned_end_at, zone, today)
    if end.on is None or end.on < today:
        return NOTHING
    chance, likely = figures.finish_in_time_percent, figures.done_by_end_50_points
    if chance is None or likely is None or figures.done_by_end_85_points is None:
        return _unknown(sprint, end)
    amount = _likely(sprint, figures, likely)
    sure = sentence("at least ", Number(figures.done_by_end_85_points), " with ", percent(TOLD))
    known = sprint.outlook.worth if sprint.outlook else None
    return sentence(
        "The chance that all is done by the planned end, ",
        end,
        ", is ",
        chance_of(chance),
        ": likely ",
        *amount,
        ", ",
        sure,
        _held(known),
        ". ",
        borrowed(known),
    )


def _likely(sprint: SprintSummary, figures: SprintFigures, likely: float) -> list[Part]:
    total, left = figures.total_points, figures.left_by_end_50_points or 0.0
    if left < HALF:
        return ["all ", points(max(total, likely)), " are done by then"]
    rest = figure("about ", Number(left), to=SprintIssues(sprint.id, "remaining"))
    whole, verb = likely + left, plural(left, "is", "are")
    grown = ", with what is usually added," if whole - total >= HALF else None
    among = points(total if grown is None else whole)
    return [Number(likely), " of ", among, grown, " are done by then and ", rest, f" {verb} left"]


def chance_of(share: float) -> Figure:
    """A chance; nothing is ever certain."""
    if share < 1:
        return figure("less than ", percent(1.0))
    if share > 99:
        return figure("more than ", percent(99.0))
    return figure(percent(share))


def _unknown(sprint: SprintSummary, end: Day) -> Sentence:
    planned = sentence("The sprint is planned to end on ", end, ". ")
    why = why_unknown(sprint)
    if not why:
        return planned
    return sentence("Whether it will be done in time cannot be told: ", why, planned)


def why_unknown(sprint: SprintSummary) -> Sentence:
    """Why nothing is forecast of a running sprint; nothing where something is."""
    match sprint.outlook.why_none if sprint.outlook else None:
        case "few_sprints":
            return sentence(
                "it takes 4 closed sprints with finished points, or one and other teams with more. "
            )
        case "unestimated":
            return sentence("what is left has no estimate. ")
    return NOTHING


def why_missing(sprint: SprintSummary) -> Sentence:
    """Why a running sprint has no forecast, or a part of it is missing; else nothing."""
    figures = sprint.figures
    if figures is None or sprint.state != "active":
        return NOTHING
    if not figures.remaining_points and not figures.unestimated_count:
        return sentence("Nothing is left to forecast.")
    if why := why_unknown(sprint):
        return sentence("Nothing is forecast: ", why)
    dates = ((85, figures.projected_85_on), (95, figures.projected_95_on))
    missing = next((chance for chance, on in dates if on is None), None)
    if figures.projected_50_on is None or missing is None:
        return NOTHING
    return sentence(
        "No day is ",
        percent(missing),
        " sure: too many of such rests were never done, or too few sprints are known.",
    )


def _held(known: Worth | None) -> Sentence:
    """How often amounts promised so came, in brackets; nothing where too few can be judged."""
    promise = told_amount(known.corrected) if known else None
    if promise is None:
        return sentence(" (too few such promises can be judged yet)")
    held = Number(promise.held_count)
    return sentence(" (of ", counted(promise.count, "such promise"), " ", held, " held)")


def told_amount(scores: Scores) -> Promise | None:
    """The amounts promised with the chance that is told, where enough can be judged."""
    some = (one for one in scores.amounts if one.promised_percent == TOLD)
    return next((one for one in some if one.count >= FEWEST), None)


def borrowed(known: Worth | None) -> Sentence:
    """That other teams lend their past forecasts, where they do."""
    if known is None or not known.lenders:
        return NOTHING
    lent = counted(known.lenders, "other team")
    verb = plural(known.lenders, "lends its", "lend theirs")
    return sentence("The team has hardly a record of its own: ", lent, f" {verb}. ")


def in_short(figures: SprintFigures) -> Sentence:
    """The chance of the planned end and what will likely be left, in a few words."""
    chance, left = figures.finish_in_time_percent, figures.left_by_end_50_points
    if chance is None or left is None:
        return NOTHING
    rest = sentence(", about ", Number(left), " left then") if left >= HALF else NOTHING
    return sentence(chance_of(chance), " in time", rest)
