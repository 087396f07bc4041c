"""The stand-up line: what stands, what moved since the last working day, what is in the way."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from telemetry.report.shapes.burndown import BurndownEvent
from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.report.shapes.time import ImpedimentRow
from telemetry.words.digests.charts import burndown, charts_path
from telemetry.words.digests.digest import Digest, Mention, mentioned, said, title
from telemetry.words.sprint import expected
from telemetry.words.tame import tame
from telemetry.words.values import (
    NOTHING,
    Day,
    Part,
    Sentence,
    counted,
    figure,
    plural,
    points,
    sentence,
)

_MOVED = {
    "burned": ("was done", "were done"),
    "added": ("came in", "came in"),
    "removed": ("was taken out", "were taken out"),
    "reopened": ("was reopened", "were reopened"),
}
SIGN = {True: "▲", False: "●"}
LATE = 0.2  # of the scope: from there on the line begins with a warning


def day(page: SprintPage, since: datetime, zone: ZoneInfo) -> Digest:
    """A team's running sprint; silent where nothing changed `since` and nothing is open."""
    sprint, path = page.sprint, f"/teams/{page.team.key}"
    if sprint is None or sprint.state != "active" or sprint.figures is None:
        return Digest("day", page.team.key, title(page.team, "no sprint"), (), path, is_silent=True)
    figures = sprint.figures
    behind = figures.behind_points or 0
    is_late = bool(figures.total_points) and behind > LATE * figures.total_points
    events = [one for one in page.burndown.events if one.at >= since] if page.burndown else []
    moved = _moved(events, page)
    day_of: Part = None
    if page.working_day is not None and page.working_days_planned:
        day_of = f": day {page.working_day} of {page.working_days_planned}"
    lines = [
        expected(sprint, page.today, zone),
        _since(moved, since.astimezone(zone).date(), page.today),
        _open(page.open_impediments),
    ]
    subject = sentence(tame(sprint.name, 60), day_of)
    return Digest(
        kind="day",
        team_key=page.team.key,
        title=title(page.team, subject, SIGN[is_late]),
        lines=said(lines),
        path=path,
        is_silent=not moved,
        charts=burndown(page),
        charts_path=charts_path(page),
    )


def _moved(events: Sequence[BurndownEvent], page: SprintPage) -> list[Sentence]:
    """What happened, a part for each kind of movement, the most important first."""
    urls = {one.key: one.url for one in page.issues}
    made = []
    for kind, verbs in _MOVED.items():
        of_kind = [one for one in events if one.kind == kind]
        if not of_kind:
            continue
        amount = sum(abs(one.points) for one in of_kind)
        by_key = {one.issue_key: one for one in of_kind}
        issues = [
            Mention(key, urls.get(key, ""), one.summary if kind == "added" else None)
            for key, one in by_key.items()
        ]
        what = points(amount) if amount else counted(len(by_key), "issue")
        verb = plural(amount or len(by_key), *verbs)
        made.append(sentence(figure(what), f" {verb} (", mentioned(issues), ")"))
    return made


def _since(moved: Sequence[Sentence], since: date, today: date) -> Sentence:
    if not moved:
        return sentence("Nothing was done and nothing changed since ", Day(since, today), ".")
    parts: list[Part] = ["Since ", Day(since, today), ": "]
    for place, one in enumerate(moved):
        parts += ["; " if place else None, one]
    return sentence(*parts, ".")


def _open(rows: Sequence[ImpedimentRow]) -> Sentence:
    """The impediments in the way, the oldest first."""
    if not rows:
        return NOTHING
    oldest = sorted(rows, key=lambda one: one.opened_at)
    count = figure(counted(len(rows), "impediment"))
    named = mentioned([Mention(one.key, one.url, one.summary) for one in oldest])
    age = oldest[0].age_working_days
    since: Part = None
    if age:
        whose = ", for " if len(rows) == 1 else "; the oldest for "
        since = sentence(whose, figure(counted(age, "working day")))
    return sentence(count, f" {plural(len(rows), 'is', 'are')} open: ", named, since, ".")
