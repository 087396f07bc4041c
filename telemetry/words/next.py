"""What is said of a sprint to come: what is in it, against what its working days hold."""

from telemetry.metrics.capacity import Capacity
from telemetry.report.shapes.next_sprint import NextSprint
from telemetry.words.numbers import NARROW, UNKNOWN
from telemetry.words.targets import NextIssues
from telemetry.words.values import (
    NOTHING,
    Number,
    Part,
    Period,
    Sentence,
    counted,
    figure,
    plural,
    sentence,
)

ABOUT = f"≈{NARROW}"


def lead(found: NextSprint) -> Sentence:
    """What is planned, against what the working days hold, and what may come over."""
    return sentence(_planned(found), _unestimated(found), _with_coming(found))


def usable(found: NextSprint) -> Capacity | None:
    """The capacity where it says something: not where nothing was ever completed."""
    return found.capacity if found.capacity is not None and found.capacity.points > 0 else None


def _name(found: NextSprint) -> str:
    return found.sprint.name if found.sprint else "the next sprint"


def _planned(found: NextSprint) -> Sentence:
    held = usable(found)
    if found.sprint is None:
        return _none_planned(found, held)
    here = NextIssues() if found.open_issues else None
    if held is None:
        start = sentence(_nothing_in(found))
        if found.open_issues:
            amount = figure(counted(found.points, found.unit), to=here)
            verb = plural(found.points, "is", "are")
            start = sentence(amount, f" {verb} planned into {_name(found)}. ")
        return sentence(start, _why_no_capacity(found))
    days = counted(found.working_days or 0, "working day")
    if not found.open_issues:
        hold = plural(found.working_days or 0, " holds ", " hold ")
        return sentence(_nothing_in(found), "Its ", days, hold, _held(found, held), ".")
    return sentence(
        figure(Number(found.points), " of about ", counted(held.points, found.unit), to=here),
        _range(held),
        f" {plural(held.points, 'is', 'are')} planned into {_name(found)}: ",
        days,
        " at the velocity of ",
        _last(found),
        ".",
    )


def _nothing_in(found: NextSprint) -> str:
    return f"Nothing is in {_name(found)} yet. "


def _none_planned(found: NextSprint, held: Capacity | None) -> Sentence:
    after = f" after {found.running.name}" if found.running else ""
    start = f"No sprint is planned{after}. "
    if held is None or found.usual_length_days is None:
        return sentence(start)
    length = counted(found.usual_length_days, "day")
    return sentence(start, "One of the usual ", length, " would hold ", _held(found, held), ".")


def _held(found: NextSprint, held: Capacity) -> Sentence:
    about = figure("about ", counted(held.points, found.unit))
    return sentence(about, _range(held), " at the velocity of ", _last(found))


def _last(found: NextSprint) -> Part:
    count = found.velocity_sprints
    if count == 1:
        return "the only closed sprint"
    return sentence("the last ", counted(count, "sprint"))


def _range(held: Capacity) -> Sentence:
    said = spread(held)
    return sentence(" (", said, ")") if said else NOTHING


def spread(held: Capacity) -> Sentence:
    """The lowest and the highest that fits; nothing where only one is known."""
    if held.low_points is None or held.high_points is None:
        return NOTHING
    return sentence(Number(held.low_points), " to ", Number(held.high_points))


def together(found: NextSprint) -> float:
    """What is in it with what may come over: the sum of the two as they are written."""
    coming = found.coming.points if found.coming else None
    return round(found.points, 1) + round(coming or 0, 1)


def _why_no_capacity(found: NextSprint) -> Sentence:
    if found.days is None:
        return sentence(
            "It has no dates in Jira, and no sprint of the team has any from which to take a "
            "usual length, so its working days are not known."
        )
    if not found.working_days:
        return sentence("None of its days, ", _span(found), ", is a working day.")
    verb = plural(found.working_days, "holds", "hold")
    hold = sentence(" its ", counted(found.working_days, "working day"), f" {verb}.")
    if not found.velocity_sprints:
        return sentence("No sprint has closed yet, so there is no velocity to say what", hold)
    return sentence(
        f"No {found.unit} was completed in ", _last(found), ", so nothing says what", hold
    )


def _unestimated(found: NextSprint) -> Sentence:
    count = found.unestimated_count
    if not count:
        return NOTHING
    if count == len(found.open_issues) == 1:
        return sentence(" ", figure("Its only open issue", to=NextIssues()), " is not estimated.")
    if count == len(found.open_issues):
        return sentence(" ", figure("No issue", to=NextIssues()), " of it is estimated.")
    many = figure(counted(count, "open issue"), to=NextIssues())
    verb = plural(count, "is", "are")
    return sentence(" ", many, f" {verb} not estimated and not counted in it.")


def _with_coming(found: NextSprint) -> Sentence:
    coming = found.coming
    if coming is None or not coming.points:
        return NOTHING
    then = NOTHING
    if found.points:
        then = sentence("; it would then be ", figure(ABOUT, Number(together(found))))
    amount = figure(ABOUT, counted(coming.points, found.unit))
    return sentence(" ", amount, f" may come over from {coming.sprint.name}", then, ".")


def _span(found: NextSprint) -> Part:
    return Period(found.days.first_on, found.days.last_on) if found.days else UNKNOWN


def dates(found: NextSprint) -> Sentence:
    """The planned days, marked where one of them is assumed."""
    if found.days is None:
        return sentence("no dates yet")
    is_assumed = found.days.is_first_assumed or found.days.is_last_assumed
    return sentence(ABOUT if is_assumed else None, _span(found))


def dates_note(found: NextSprint) -> Sentence:
    """Which of the days are assumed; nothing where none is."""
    days = found.days
    if days is None or not (days.is_first_assumed or days.is_last_assumed):
        return NOTHING
    length = sentence("the usual ", counted(found.usual_length_days or 0, "day"))
    if not days.is_first_assumed:
        return sentence("Jira has no planned end; ", length, " are assumed.")
    if not days.is_last_assumed:
        return sentence("Jira has no planned start; ", length, " are assumed.")
    subject = "Jira has no dates ahead for it" if found.sprint else "It is not in Jira yet"
    after = f" after {found.running.name}" if found.running and not found.sprint else ""
    return sentence(f"{subject}; ", length, f"{after} are assumed.")


def bar(found: NextSprint) -> Sentence:
    """What the bar of the capacity shows, for who does not see it."""
    held = usable(found)
    if held is None:
        return NOTHING
    coming = NOTHING
    if found.coming and found.coming.points:
        coming = sentence("; about ", Number(found.coming.points), " may come over")
    return sentence(
        counted(found.points, found.unit),
        " in the sprint",
        coming,
        "; about ",
        Number(held.points),
        _range(held),
        " fit",
    )
