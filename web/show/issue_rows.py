"""The rows of a sprint's list of issues, as HTML: put together here, since there are many."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from telemetry.report.shapes.issues import SprintIssue
from telemetry.words.edits import OUTCOMES, STATES
from telemetry.words.numbers import UNKNOWN, digits_apart, plural
from web.show.issue_link import issue_link
from web.show.numbers import (
    hours,
    number,
)
from web.show.saved import sort_values

ORDER_OF_STATES = ("todo", "in_progress", "done")
ORDER_OF_OUTCOMES = ("completed", "in_progress", "todo", "removed", "completed_elsewhere")


def labels(one: SprintIssue) -> Sequence[str]:
    """What is remarkable about an issue, as badges."""
    marks = (
        (one.is_added, "added"),
        (one.is_carried_over, "carried over"),
        (one.is_impediment, "impediment"),
        (one.points is None, "no estimate"),
    )
    return [name for is_so, name in marks if is_so]


def issue_rows(issues: Sequence[SprintIssue], *, is_closed: bool) -> Markup:
    """A row an issue; of a closed sprint the status is that of now and the outcome its own."""
    rows = (_closed(one) if is_closed else _running(one) for one in issues)
    return Markup("\n".join(rows))  # noqa: S704 - each row escapes what it was given


def outcome_of(one: SprintIssue) -> str:
    """The outcome, of what is not completed its state."""
    if one.outcome != "not_completed":
        return one.outcome
    return one.state if one.state in ("todo", "in_progress") else "todo"


def _sorted(one: SprintIssue) -> str:
    return sort_values(
        {
            "status": -ORDER_OF_STATES.index(one.state),  # amounts begin with the most
            "points": one.points,
            "outcome": -ORDER_OF_OUTCOMES.index(outcome_of(one)),
            "hours": one.seconds,
        }
    )


def _closed(one: SprintIssue) -> str:
    outcome = f"{_swatch(one)}{OUTCOMES[one.outcome]}"
    return (
        f'<tr{_sorted(one)}>{_first(one)}<td data-label="now">{escape(one.status)}</td>'
        f'{_points(one)}<td class="after-num">{outcome}</td>{_last(one)}</tr>'
    )


def _running(one: SprintIssue) -> str:
    is_usual = one.outcome in ("completed", "not_completed")
    hidden = " phone-hide" if is_usual else ""  # the status says it
    outcome = STATES[one.state] if one.outcome == "not_completed" else OUTCOMES[one.outcome]
    return (
        f"<tr{_sorted(one)}>{_first(one)}<td>{_swatch(one)}{escape(one.status)}</td>{_points(one)}"
        f'<td class="after-num{hidden}">{outcome}</td>{_last(one)}</tr>'
    )


def _first(one: SprintIssue) -> str:
    badges = "".join(f' <span class="badge">{label}</span>' for label in labels(one))
    return (
        f'<td class="title">{issue_link(one.key, one.summary, one.url)}{badges}</td>'
        f'<td class="drop-2">{escape(one.type)}</td>'
    )


def _swatch(one: SprintIssue) -> str:
    return f'<i class="swatch s-{one.state}" aria-hidden="true"></i>'


def _points(one: SprintIssue) -> str:
    if one.points is None:
        said = f'<span title="no estimate">{UNKNOWN}</span>'
        return f'<td class="num phone-hide" data-label="points">{said}</td>'
    before, digits = "", digits_apart(one.initial_points, one.points)
    if one.initial_points != one.points:
        before = f"<small>{number(one.initial_points, digits)} to </small>"
    unit = plural(one.points, "point")
    return f'<td class="num" data-label="{unit}">{before}{number(one.points, digits)}</td>'


def _last(one: SprintIssue) -> str:
    return f'<td class="num" data-label="logged">{hours(one.seconds)}</td>'
