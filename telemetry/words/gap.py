"""The gap between commitment and completion: what it went to, and what is behind each part."""

from collections.abc import Mapping

from telemetry.metrics.gap import Cause
from telemetry.metrics.gap import Part as GapPart
from telemetry.report.shapes.issues import SprintIssue
from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.words.numbers import digits_apart, number
from telemetry.words.targets import SprintImpediments, SprintIssues, Target, issue_page
from telemetry.words.values import (
    HOUR,
    NOTHING,
    Number,
    Part,
    Sentence,
    counted,
    figure,
    plural,
    points,
    sentence,
)

NAMED = 3  # issues of a part that are named
LABELS: Mapping[str, str] = {
    "committed": "Committed at the start",
    "removed": "Taken out",
    "reestimated": "Re-estimated and completed",
    "completed_beyond": "Completed beyond the commitment",
    "unfinished": "Not finished",
    "impediments": "impediments",
    "off_plan": "off-plan work",
    "rest": "rest",
    "behind": "behind the ideal line",
    "not_due": "not due yet",
}
_LISTED = {
    "removed": "taken_out",
    "reestimated": "regauged",
    "completed_beyond": "beyond",
    "off_plan": "off_plan",
}
_MEANT = {
    "rest": "not explained by hours",
    "behind": "what may explain it is not known yet",
    "not_due": "unfinished, and not yet asked for by the ideal line",
}
_OTHER_THAN_HOURS = "behind the ideal line, and not explained by hours"
_WITHIN_THE_USUAL = (
    "behind the ideal line; the hours lost so far are no more than are usually lost by now"
)


def parts_by_cause(sprint: SprintSummary) -> dict[str, GapPart]:
    """The parts by cause, with `unfinished` also where a running sprint gives it in two."""
    parts: dict[str, GapPart] = {part.cause: part for part in sprint.gap}
    halves = [parts[cause] for cause in ("not_due", "behind") if cause in parts]
    if "unfinished" not in parts and halves:
        ids = tuple(dict.fromkeys(one for half in halves for one in half.issue_ids))
        amount = sum(half.points for half in halves)
        parts["unfinished"] = GapPart(Cause.UNFINISHED, amount, True, ids)
    return parts


def listed(sprint_id: int, cause: str) -> Target:
    """Where the issues behind a part are listed."""
    if cause == "impediments":
        return SprintImpediments(sprint_id)
    return SprintIssues(sprint_id, _LISTED.get(cause, "unfinished"))


def completed_label(sprint: SprintSummary) -> str:
    """What the last row is called."""
    return "Completed so far" if sprint.state == "active" else "Completed"


def why(page: SprintPage) -> Sentence:
    """What of the commitment is missing, and what it went to."""
    sprint = page.sprint
    figures = None if sprint is None else sprint.figures
    if sprint is None or figures is None:
        return sentence("Nothing can be explained before the sprint starts.")
    if not figures.committed_points:
        return sentence("No points were committed at the start, so there is no gap to explain.")
    parts = parts_by_cause(sprint)
    unfinished = parts["unfinished"].points if "unfinished" in parts else 0.0
    taken = parts["removed"].points if "removed" in parts else 0.0
    if not unfinished and not taken:
        committed = SprintIssues(sprint.id, "committed")
        amount = figure(points(figures.committed_points), to=committed)
        return sentence("Everything committed is finished: ", amount, ".")
    return sentence(
        _unfinished(page, sprint, unfinished)
        if unfinished
        else "Everything committed that stayed in the sprint is finished",
        _causes(sprint),
        _taken(sprint, taken),
        ".",
    )


def cost(sprint: SprintSummary) -> Sentence:
    """What all impediments cost, from the verb on: the parts add up as they are written."""
    found = sprint.estimates.impediment_cost if sprint.estimates else None
    if found is None:
        return NOTHING
    usual, surplus = round(found.usual_points, 1), round(found.surplus_points, 1)
    if not usual and not surplus:
        return NOTHING
    every = figure(points(usual + surplus), to=listed(sprint.id, "impediments"))
    by_now = "by now" if sprint.state == "active" else "in a sprint"
    return sentence(
        *(" cost about ", every, ", an estimate: ", Number(usual)),
        *(f" that are usual {by_now}, and ", Number(surplus), " above."),
    )


def _unfinished(page: SprintPage, sprint: SprintSummary, unfinished: float) -> Sentence:
    is_open = sprint.state == "active"
    verb = plural(unfinished, "is", "are") if is_open else plural(unfinished, "was", "were")
    amount = figure(counted(unfinished, "committed point"), to=listed(sprint.id, "unfinished"))
    return sentence(amount, f" {verb} not finished", _days_to_go(page) if is_open else None)


def _days_to_go(page: SprintPage) -> Part:
    if page.working_day is None or page.working_days_planned is None:
        return None
    left = page.working_days_planned - page.working_day
    if left < 0:
        return ", after the planned end"
    if not left:
        return ", on the last working day"
    return sentence(", with ", counted(left, "working day"), " to go")


def _causes(sprint: SprintSummary) -> Sentence:
    amounts: dict[str, float] = {part.cause: part.points for part in sprint.gap}
    said: list[Part] = []
    for cause in ("impediments", "off_plan"):
        amount = amounts.get(cause, 0.0)
        if number(amount) == "0":
            continue
        told = figure(Number(amount), to=listed(sprint.id, cause))
        name = LABELS[cause]
        if said:
            said += [f" and {name} about ", told]
        else:
            of_them = " of them" if amount != amounts.get("unfinished") else ""
            said += [f". {name[0].upper()}{name[1:]} cost about ", told, of_them]
    return sentence(*said)


def _taken(sprint: SprintSummary, taken: float) -> Part:
    if not taken:
        return None
    more = figure(Number(taken), " more", to=listed(sprint.id, "removed"))
    return sentence("; ", more, f" {plural(taken, 'was', 'were')} taken out")


def exact_evidence(
    part: GapPart, known: Mapping[int, SprintIssue], days_to_go: int | None
) -> Sentence:
    """A few issues by name, or how many they are; what became of a single one."""
    to_go = None
    if part.cause == "unfinished" and days_to_go is not None and days_to_go > 0:
        to_go = sentence(", ", counted(days_to_go, "working day"), " to go")
    count = len(part.issue_ids)
    found = [known[one] for one in part.issue_ids if one in known]
    if not 1 <= count <= NAMED or len(found) < count:
        return sentence(counted(count, "issue") if count else None, to_go)
    named: list[Part] = []
    for one in found:
        place = issue_page(one.url, one.key, one.summary)
        named += [", " if named else None, figure(one.key, to=place)]
    if part.cause == "reestimated" and count == 1:
        before, after = found[0].initial_points, found[0].points
        digits = digits_apart(before, after)
        named += [" went from ", _estimate(before, digits), " to ", _estimate(after, digits)]
    return sentence(*named, to_go)


def _estimate(amount: float | None, digits: int) -> Part:
    return "no estimate" if amount is None else Number(amount, digits=digits)


def estimated_evidence(part: GapPart, parts: Mapping[str, GapPart]) -> Sentence:
    """What a part inside `not finished` rests on."""
    if part.hours is not None:
        return sentence(Number(part.hours, HOUR, 1), " over the usual")
    if part.cause == "rest" and "behind" in parts:
        return sentence(_OTHER_THAN_HOURS if _is_explained(parts) else _WITHIN_THE_USUAL)
    return sentence(_MEANT.get(part.cause, ""))


def _is_explained(parts: Mapping[str, GapPart]) -> bool:
    """Whether hours above the usual explain something."""
    return any(parts[cause].points for cause in ("impediments", "off_plan") if cause in parts)
