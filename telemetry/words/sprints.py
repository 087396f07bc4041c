"""What the last sprints say: how commitments were kept, and at which velocity."""

from telemetry.report.sprint.table import SprintTable
from telemetry.words.values import (
    NOTHING,
    Number,
    Part,
    Sentence,
    counted,
    figure,
    noun,
    percent,
    sentence,
)


def lead(found: SprintTable) -> Sentence:
    """How far the last sprints ended from what they committed to, and at which velocity."""
    count = len(found.last)
    if not count:
        return _none_closed(found)
    if found.kept is None:
        return sentence(
            _last(count),
            f" had no {found.unit}s committed at the start, so nothing says how "
            "commitments are kept.",
            _velocity(found),
        )
    if count == 1:
        one = found.last[0]
        whole = Number(one.committed_points, noun(found.unit))
        return sentence(
            "The only closed sprint completed ",
            figure(Number(one.completed_points), " of ", whole),
            " that it committed to, ",
            percent(found.kept.low),
            ". A second one will show a spread.",
        )
    return sentence(_kept(found, count), _velocity(found))


def _last(count: int) -> Sentence:
    if count == 1:
        return sentence("The only closed sprint")
    return sentence("The last ", counted(count, "closed sprint"))


def _none_closed(found: SprintTable) -> Sentence:
    running = next((one for one in found.recent if one.state == "active"), None)
    start = f"{running.name} is the first sprint" if running else "No sprint has closed yet"
    return sentence(
        f"{start}; what the team completes of its commitments shows when one has closed."
    )


def _kept(found: SprintTable, count: int) -> Sentence:
    kept = found.kept
    if kept is None:
        return NOTHING
    who = _last(count)
    if kept.count < count:
        those: Part = sentence("the ", Number(kept.count), " with a commitment")
        if kept.count == 1:
            those = "the only one with a commitment"
        who = sentence("Of the last ", counted(count, "closed sprint"), ", ", those)
    if kept.low == kept.high:
        every = figure(percent(kept.low))
        return sentence(who, " completed ", every, " of what was committed.")
    spread = figure(percent(kept.low), " to ", percent(kept.high))
    middle = figure(percent(kept.median))
    return sentence(who, " completed ", spread, " of what was committed, the median ", middle, ".")


def _velocity(found: SprintTable) -> Sentence:
    mean, spread = found.velocity_points_per_day, found.velocity_per_day
    if not mean or spread is None:
        return NOTHING
    between = NOTHING
    if spread.count > 1:
        between = sentence(", between ", Number(spread.low), " and ", Number(spread.high))
    told = figure(counted(round(mean, 1), found.unit))
    return sentence(" Velocity: ", told, " a working day", between, ".")


def no_chart(found: SprintTable) -> tuple[Sentence, Sentence]:
    """Why there is no chart of the sprints, and what brings one."""
    started = len(found.recent)
    if not started:
        why = sentence("No sprint has started yet.")
        return why, sentence("Its bars appear here when one has.")
    if started == 1:
        why = sentence(f"{found.recent[0].name} is the only sprint so far.")
        return why, sentence("From the second one on they are drawn.")
    return (
        sentence("Fewer than two of these ", Number(started), f" sprints have {found.unit}s."),
        sentence("Estimated issues make bars; impediments and hours are in the table."),
    )
