"""What a team should decide: rules over its figures, worst first, each with its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass

from telemetry.report.impediments.lists import Recurring
from telemetry.report.next_sprint import NextSprint
from telemetry.report.shapes import SprintPage
from telemetry.words.outlook import chance_of
from telemetry.words.tame import tame
from telemetry.words.targets import External, NextIssues, SprintImpediments, SprintIssues
from telemetry.words.values import (
    Number,
    Part,
    Sentence,
    counted,
    figure,
    hours,
    percent,
    points,
    sentence,
)

MOST = 5
LONG_OPEN = 3  # working days, at least, before an open impediment is anything to decide
DOUBLED = 2.0
EVEN = 50  # percent
LEAST_HOURS = 4.0  # of a nature whose share doubled
TITLE = 80
LONGEST_KEY = 58  # characters, as the store keeps it with what is ticked


@dataclass(frozen=True, slots=True)
class Decision:
    """`key` names it in the team's notes; `weight` orders: working days, or points, at stake."""

    key: str
    question: Sentence
    evidence: Sentence
    weight: float


def decisions(
    page: SprintPage, groups: Sequence[Recurring], ahead: NextSprint | None
) -> tuple[Decision, ...]:
    """At most five, worst first; none of a sprint without figures."""
    kinds = (
        _recurring(groups),
        _long_open(page),
        _unlikely(page),
        _too_much(ahead),
        _doubled(page),
        _unestimated(ahead),
    )
    # of each kind the worst two, so that one kind does not hide the others
    every = [one for kind in kinds for one in _worst(kind)[:2]]
    return tuple(_worst(every)[:MOST])


def _worst(some: list[Decision]) -> list[Decision]:
    return sorted(some, key=lambda one: (-one.weight, one.key))


def _recurring(groups: Sequence[Recurring]) -> list[Decision]:
    """Impediments of one kind that came back."""
    made = []
    for group in groups:
        last = next((one for one in group.issues[::-1] if one.url), group.issues[-1])
        what = group.pattern or last.key
        evidence: Part = sentence("together ", figure(hours(group.seconds)))
        if not group.seconds:
            evidence = sentence(
                "open for ", figure(counted(group.open_days, "working day")), " together"
            )
        made.append(
            Decision(
                f"recurring:{group.issues[0].id}",
                sentence("Who owns “", tame(what, TITLE), "”?"),
                sentence(
                    "It came back ",
                    figure(Number(len(group.issues)), " times"),
                    ", last as ",
                    figure(last.key, to=External(last.url)),
                    "; ",
                    evidence,
                    ".",
                ),
                group.seconds / 28_800 + group.open_days / 4,
            )
        )
    return made


def _long_open(page: SprintPage) -> list[Decision]:
    """Impediments that are open for longer than usual."""
    usual = page.usual_days_to_close
    least = max(LONG_OPEN, 0.0 if usual is None else usual)
    made = []
    for one in page.open_impediments:
        age = one.age_working_days
        if age is None or age <= least or not one.url:
            continue
        known = sentence("; half of the past year’s were closed within ", Number(usual))
        made.append(
            Decision(
                f"open:{one.id}",
                sentence(
                    "Escalate ",
                    figure(one.key, to=External(one.url)),
                    f", “{tame(one.summary, TITLE)}”?" if one.summary else "?",
                ),
                sentence(
                    "It is open for ",
                    figure(counted(age, "working day")),
                    known if usual is not None else None,
                    ".",
                ),
                float(age),
            )
        )
    return made


def _unlikely(page: SprintPage) -> list[Decision]:
    """A running sprint that will rather not be done, or is far behind where none can tell."""
    sprint = page.sprint
    figures = None if sprint is None else sprint.figures
    if sprint is None or figures is None or sprint.state != "active":
        return []
    amount = figure(points(figures.remaining_points), to=SprintIssues(sprint.id, "remaining"))
    question = sentence("What comes out of ", tame(sprint.name, TITLE), "?")
    chance, left = figures.finish_in_time_percent, figures.left_by_end_50_points
    if chance is not None and left is not None:
        if chance >= EVEN:
            return []
        evidence = sentence(
            "The chance that all is done by the planned end is ",
            chance_of(chance),
            "; ",
            amount,
            " are left now, and likely ",
            figure(Number(left)),
            " then.",
        )
        return [Decision("scope", question, evidence, left)]
    behind = figures.behind_points
    if behind is None or not figures.total_points or behind <= 0.2 * figures.total_points:
        return []
    return [
        Decision(
            "scope",
            question,
            sentence(
                amount, " are left, ", figure(Number(behind)), " more than the ideal line leaves."
            ),
            behind,
        )
    ]


def _too_much(ahead: NextSprint | None) -> list[Decision]:
    """A sprint to come that holds more than the team gets done."""
    if ahead is None or ahead.capacity is None or ahead.sprint is None:
        return []
    over = ahead.points - ahead.capacity.points
    if over <= 0.1 * ahead.capacity.points:
        return []
    return [
        Decision(
            "capacity",
            sentence("What is taken out of ", tame(ahead.sprint.name, TITLE), "?"),
            sentence(
                "It holds ",
                figure(points(ahead.points), to=NextIssues()),
                ", and its working days about ",
                figure(points(ahead.capacity.points)),
                " at the team’s own velocity.",
            ),
            over,
        )
    ]


def _doubled(page: SprintPage) -> list[Decision]:
    """A nature of impediments that took twice its usual share."""
    sprint = page.sprint
    figures = None if sprint is None else sprint.figures
    estimates = None if sprint is None else sprint.estimates
    if sprint is None or figures is None or estimates is None or not estimates.usual_natures:
        return []
    whole = figures.impediment_seconds
    before = sum(estimates.usual_natures.values())
    made = []
    for row in figures.natures:
        usual = estimates.usual_natures.get(row.nature, 0.0)
        if not before or not usual or row.seconds < LEAST_HOURS * 3600:
            continue
        share, usually = row.seconds / whole, usual / before
        if share >= DOUBLED * usually:
            made.append(
                Decision(
                    f"nature:{row.nature}"[:LONGEST_KEY],
                    sentence("What is behind ", tame(row.nature, TITLE), " this time?"),
                    sentence(
                        "It took ",
                        figure(percent(100 * share), to=SprintImpediments(sprint.id)),
                        " of the impediment hours; usually it is ",
                        figure(percent(100 * usually)),
                        ".",
                    ),
                    row.seconds / 28_800,
                )
            )
    return made


def _unestimated(ahead: NextSprint | None) -> list[Decision]:
    """Work of the sprint to come that no points show."""
    if ahead is None or ahead.sprint is None or not ahead.unestimated_count:
        return []
    count = figure(counted(ahead.unestimated_count, "issue"), to=NextIssues())
    return [
        Decision(
            "unestimated",
            sentence("Who estimates what is in ", tame(ahead.sprint.name, TITLE), "?"),
            sentence(count, f" of it {_has(ahead.unestimated_count)} no estimate."),
            float(ahead.unestimated_count) / 2,
        )
    ]


def _has(count: int) -> str:
    return "has" if count == 1 else "have"
