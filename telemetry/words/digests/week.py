"""The week in a few sentences: whether the sprint will make it, what came instead, why, before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from telemetry.domain.week import week_of
from telemetry.metrics.figures import summed
from telemetry.report.reviews.week_shapes import WeekReview
from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.report.shapes.time import TimeRow
from telemetry.words import gap, weeks
from telemetry.words.decisions import of_week
from telemetry.words.digests.charts import burndown, charts_path, impediments
from telemetry.words.digests.digest import Digest, said, title
from telemetry.words.questions import Decision
from telemetry.words.sprint import expected, no_sprint
from telemetry.words.values import (
    NOTHING,
    Day,
    Number,
    Part,
    Period,
    Sentence,
    figure,
    hours,
    percent,
    points,
    sentence,
)


@dataclass(frozen=True, slots=True)
class Week:
    """The days of a week, one row each, and the points done in it."""

    first_on: date
    last_on: date
    rows: Sequence[TimeRow]
    done_points: float | None  # None for a team without sprints

    @property
    def impediment_seconds(self) -> int | None:
        return summed(row.time for row in self.rows).impediment_seconds

    @property
    def all_seconds(self) -> int:
        return sum(row.time.all_seconds for row in self.rows)

    @property
    def natures(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for row in self.rows:
            for name, seconds in row.natures.items():
                found[name] = found.get(name, 0) + seconds
        return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def week(
    page: SprintPage,
    this: Week,
    last: Week,
    decided: Sequence[Decision],
    zone: ZoneInfo,
    quarter: Sentence = NOTHING,
) -> Digest:
    """A team's week up to its last day."""
    sprint = page.sprint
    progress = no_sprint(page) if sprint is None else expected(sprint, page.today, zone)
    lines = [
        progress,
        _came(this, page),
        gap.why(page) if sprint is not None else NOTHING,
        _against(this, last),
        quarter,
    ]
    return Digest(
        kind="week",
        team_key=page.team.key,
        title=title(page.team, Period(this.first_on, this.last_on)),
        lines=said(lines),
        path=f"/teams/{page.team.key}/reviews/{week_of(this.first_on)}",
        decisions=tuple(sentence(one.question, " ", one.evidence) for one in decided),
        charts=(*burndown(page), *impediments(page)),
        charts_path=charts_path(page),
    )


def as_reviewed(review: WeekReview, quarter: Sentence = NOTHING) -> Digest:
    """A week as its review tells it: one that is over, or that of a team without sprints."""
    decided = of_week(review.kept)
    return Digest(
        kind="week",
        team_key=review.team.key,
        title=title(review.team, Period(review.week.first_on, review.week.last_on)),
        lines=said([weeks.done(review), weeks.instead(review), weeks.lies(review), quarter]),
        path=f"/teams/{review.team.key}/reviews/{review.week}",
        decisions=tuple(sentence(one.question, " ", one.evidence) for one in decided),
    )


def _came(this: Week, page: SprintPage) -> Sentence:
    """The hours that impediments took, by nature, and the worst day."""
    if not this.all_seconds:
        return sentence("No time was logged this week.")
    lost = this.impediment_seconds
    if lost is None:
        return sentence(page.team.impediments_unknown)
    if not lost:
        return sentence("No time went to impediments, of ", figure(hours(this.all_seconds)), ".")
    natures = list(this.natures.items())
    parts: list[Part] = []
    for name, seconds in natures[:3]:
        parts += [", " if parts else ": ", hours(seconds), f" {name}"]
    if len(natures) == 1:
        parts = [f", all of it {natures[0][0]}"]
    worst = max(this.rows, key=lambda row: row.time.impediment_seconds or 0)
    peak: Part = None
    if sum(1 for row in this.rows if row.time.impediment_seconds) > 1:
        spent = hours(worst.time.impediment_seconds)
        peak = sentence("; ", Day(worst.start_on, page.today), " was the worst day, with ", spent)
    return sentence(
        "Impediments took ",
        figure(hours(lost)),
        ", ",
        percent(100 * lost / this.all_seconds),
        " of the time logged",
        *parts,
        peak,
        ".",
    )


def _against(this: Week, last: Week) -> Sentence:
    """The same two figures of the week before."""
    if not last.all_seconds and not last.done_points:
        return NOTHING
    done: Part = None
    if this.done_points is not None and last.done_points is not None:
        now, then = figure(points(this.done_points)), Number(last.done_points)
        done = sentence(now, " were done, ", then, " the week before")
    if this.impediment_seconds is None:
        return sentence(done, ".") if done else NOTHING
    lost = figure(hours(this.impediment_seconds))
    before = hours(last.impediment_seconds)
    return sentence(
        done, "; " if done else None, lost, " went to impediments, ", before, " the week before."
    )
