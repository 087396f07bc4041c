"""What became of a sprint, told at its close."""

from zoneinfo import ZoneInfo

from telemetry.metrics.figures import SprintFigures
from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.words import gap
from telemetry.words.digests.charts import burndown, charts_path, impediments
from telemetry.words.digests.digest import NAME, Cells, Digest, said, title
from telemetry.words.sprint import expected, instead
from telemetry.words.tame import tame
from telemetry.words.values import (
    NOTHING,
    Number,
    Sentence,
    figure,
    hours,
    percent,
    sentence,
)


def sprint_closed(
    page: SprintPage,
    before: SprintSummary | None,
    zone: ZoneInfo,
    path: str,
    quarter: Sentence = NOTHING,
) -> Digest:
    """The sprint of a page, beside the one closed before it."""
    sprint = page.sprint
    figures = None if sprint is None else sprint.figures
    if sprint is None or figures is None:
        whose = title(page.team, "no closed sprint")
        return Digest("sprint", page.team.key, whose, (), path, is_silent=True)
    cost = gap.cost(sprint)
    lines = [
        expected(sprint, page.today, zone),
        instead(page),
        gap.why(page),
        sentence("All impediments", cost) if cost else NOTHING,
        quarter,
    ]
    past = None if before is None else before.figures
    name = "before" if before is None else tame(before.name, NAME)
    return Digest(
        kind="sprint",
        team_key=page.team.key,
        title=title(page.team, sentence(tame(sprint.name, NAME), " is closed")),
        lines=said(lines),
        path=path,
        table=Cells(("", tame(sprint.name, NAME), name), _rows(figures, past)),
        charts=(*burndown(page), *impediments(page)),
        charts_path=charts_path(page),
    )


def _rows(now: SprintFigures, past: SprintFigures | None) -> tuple[tuple[Sentence, ...], ...]:
    def row(label: str, *values: Number | None) -> tuple[Sentence, ...]:
        cells = [NOTHING if one is None else sentence(figure(one)) for one in values]
        return (sentence(label), *cells)

    def pair(label: str, name: str) -> tuple[Sentence, ...]:
        other = None if past is None else Number(getattr(past, name))
        return row(label, Number(getattr(now, name)), other)

    def share(of: SprintFigures) -> Number:
        return percent(of.commitment_kept_percent)

    def lost(of: SprintFigures) -> Number:
        return hours(of.impediment_seconds)

    return (
        pair("Committed", "committed_points"),
        pair("Of it carried over", "carried_over_points"),
        pair("Completed", "completed_points"),
        row("Commitment kept", share(now), None if past is None else share(past)),
        pair("Added", "added_points"),
        pair("Removed", "removed_points"),
        row("Impediments", lost(now), None if past is None else lost(past)),
    )
