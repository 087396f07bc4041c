"""What a review says beside the sentences of the sprint's page: of when it is, against before."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from telemetry.metrics.figures import SprintFigures
from telemetry.report.reviews.shapes import Frozen, Review
from telemetry.words.next import lead
from telemetry.words.quarter_brief import brief
from telemetry.words.snapshots import Note, note
from telemetry.words.values import (
    NOTHING,
    Moment,
    Number,
    Sentence,
    counted,
    hours,
    percent,
    sentence,
)

OUTCOMES = {"yes": "reached", "partly": "partly reached", "no": "not reached"}


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of the sprint beside that of the one before it, which may be unknown."""

    label: str
    now: Sentence
    before: Sentence


def status(review: Review, zone: ZoneInfo, today: date) -> Sentence:
    """Whether the review is a draft, or when it froze and as of when it is known."""
    sprint, frozen = review.page.sprint, review.frozen
    if frozen is None:
        is_closed = sprint is not None and sprint.state == "closed"
        if is_closed:
            return sentence(
                "Draft: it freezes with the first complete pull that comes five minutes or more "
                "after the close."
            )
        return sentence("Draft: the sprint is not closed, and its figures move until it is.")
    gone = " Jira no longer has this sprint." if review.is_gone else None
    return sentence(_frozen(frozen, zone, today), gone)


def _frozen(frozen: Frozen, zone: ZoneInfo, today: date) -> Sentence:
    def at(moment: datetime) -> Moment:
        return Moment(moment.astimezone(zone), today)

    if frozen.is_late:
        return sentence(
            "As known on ", at(frozen.taken_at), ", when the closed sprint was first read."
        )
    if frozen.has_late_parts:
        return sentence(
            "Figures frozen at the close, ",
            at(frozen.closed_at),
            "; goal, impediments and outlook as known on ",
            at(frozen.taken_at),
            ".",
        )
    return sentence("Frozen at the close, ", at(frozen.closed_at), ".")


def outlook(review: Review) -> Sentence:
    """What the sprint that follows holds, and whether the quarter holds, as far as it is known."""
    ahead = NOTHING if review.ahead is None else lead(review.ahead)
    quarter = brief(review.quarter, review.page.today)
    return sentence(ahead, " " if ahead and quarter else None, quarter)


def since(review: Review) -> Note | None:
    """What later edits changed of a frozen review; None where nothing differs."""
    records = review.page.records
    if review.frozen is None or records is None or records.close is None:
        return None
    return note(replace(records, start=None))


def against(review: Review) -> tuple[Line, ...]:
    """The sprint beside the one closed before it; none where either is not known."""
    sprint, before = review.page.sprint, review.before
    now = None if sprint is None else sprint.figures
    then = None if before is None else before.figures
    if now is None or then is None:
        return ()
    lines = [
        Line("Completed", *(_said(Number(one.completed_points)) for one in (now, then))),
        Line(
            "Commitment kept", *(_said(percent(one.commitment_kept_percent)) for one in (now, then))
        ),
        Line("Points a working day", *(_said(_daily(one)) for one in (now, then))),
        Line("Working days", *(_said(counted(one.working_days, "day")) for one in (now, then))),
        Line("Impediments", *(_said(hours(one.impediment_seconds)) for one in (now, then))),
    ]
    return tuple(lines)


def _said(value: Number) -> Sentence:
    return sentence(value)


def _daily(figures: SprintFigures) -> Number:
    days = figures.working_days
    return Number(figures.completed_points / days if days else None)
