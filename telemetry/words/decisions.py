"""What a team should decide: rules over its figures, worst first, each with its evidence."""

from collections.abc import Sequence

from telemetry.report.alerts.watched import WatchedQuarter
from telemetry.report.impediments.lists import Recurring
from telemetry.report.reviews.shapes import NO_AGEING, Ageing
from telemetry.report.reviews.week_shapes import WeekKept
from telemetry.report.shapes.next_sprint import NextSprint
from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.words.outlook import chance_of
from telemetry.words.quarter_brief import unlikely
from telemetry.words.questions import TITLE, Decision, doubled, long_open, recurring, too_old
from telemetry.words.tame import tame
from telemetry.words.targets import (
    NextIssues,
    SprintImpediments,
    SprintIssues,
    Target,
)
from telemetry.words.values import (
    Number,
    counted,
    figure,
    points,
    sentence,
)

MOST = 5
EVEN = 50  # percent
NO_LIST: Target | None = None


def decisions(
    page: SprintPage,
    groups: Sequence[Recurring],
    ahead: NextSprint | None,
    ageing: Ageing = NO_AGEING,
    quarter: WatchedQuarter | None = None,
) -> tuple[Decision, ...]:
    """At most five, worst first; none of a sprint without figures."""
    return _most(
        recurring(groups),
        long_open(page.open_impediments, page.usual_days_to_close),
        _unlikely(page),
        _too_much(ahead),
        _doubled_in(page),
        too_old(ageing, {one.id for one in page.open_impediments}),
        _unestimated(ahead),
        unlikely(quarter),
    )


def of_week(kept: WeekKept) -> tuple[Decision, ...]:
    """The same of a week."""
    whole = kept.figures.time.impediment_seconds or 0
    natures = [(one.nature, one.seconds, NO_LIST) for one in kept.natures]
    return _most(
        recurring(kept.recurring),
        long_open(kept.open_impediments, kept.usual.days_to_close),
        doubled(natures, whole, kept.usual.natures),
        too_old(kept.ageing, {one.id for one in kept.open_impediments}),
    )


def _most(*kinds: list[Decision]) -> tuple[Decision, ...]:
    # of each kind the worst two, so that one kind does not hide the others
    every = [one for kind in kinds for one in _worst(kind)[:2]]
    return tuple(_worst(every)[:MOST])


def _worst(some: list[Decision]) -> list[Decision]:
    return sorted(some, key=lambda one: (-one.weight, one.key))


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


def _doubled_in(page: SprintPage) -> list[Decision]:
    sprint = page.sprint
    figures = None if sprint is None else sprint.figures
    estimates = None if sprint is None else sprint.estimates
    if sprint is None or figures is None or estimates is None or not estimates.usual_natures:
        return []
    listed = SprintImpediments(sprint.id)
    natures = [(row.nature, row.seconds, listed) for row in figures.natures]
    return doubled(natures, figures.impediment_seconds or 0, estimates.usual_natures)


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
