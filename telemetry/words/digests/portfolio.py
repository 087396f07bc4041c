"""All teams in one table, those furthest behind first."""

from collections.abc import Mapping, Sequence
from datetime import date

from telemetry.report.shapes.teams import TeamRow
from telemetry.words.digests.digest import NAME, Cells, Digest
from telemetry.words.tame import tame
from telemetry.words.targets import Team
from telemetry.words.teams import behind_percent, teams
from telemetry.words.values import Day, Number, Sentence, counted, figure, percent, sentence

HEAD = ("Team", "Sprint", "Done of scope", "Behind", "Impediments", "85 % sure by")


def portfolio(
    rows: Sequence[TeamRow],
    today: date,
    quarter: str = "",
    chances: Mapping[str, float | None] | None = None,
    programs: Sequence[Sentence] = (),
) -> Digest:
    """The teams of a digest; `chances` are those of the quarter by the teams' keys.

    Where no team has one, no column tells of it. `programs` are what is said of each.
    """
    known = chances or {}
    ordered = sorted(rows, key=_worst_first)
    many = figure(counted(len(rows), "team"))
    return Digest(
        kind="portfolio",
        team_key="",
        title=sentence("● ", many, " on ", Day(today, today)),
        lines=(teams(rows), *programs),
        path="/",
        table=Cells(
            (*HEAD, *([f"{quarter} in time"] if known else [])),
            tuple(
                (*_row(row, today), *([sentence(percent(known.get(row.key)))] if known else []))
                for row in ordered
            ),
        ),
        is_silent=not rows,
    )


def _worst_first(row: TeamRow) -> tuple[bool, float, str]:
    behind = behind_percent(row)
    return behind is None, -(behind or 0), row.name


def _row(row: TeamRow, today: date) -> tuple[Sentence, ...]:
    name = sentence(figure(tame(row.name, NAME), to=Team(row.key)))
    sprint = row.sprint
    figures = None if sprint is None else sprint.figures
    if sprint is None or figures is None:
        why = "no sprint" if sprint is None else tame(sprint.name, NAME)
        return (name, sentence(why), *[sentence(Number(None))] * 4)
    return (
        name,
        sentence(tame(sprint.name, NAME)),
        sentence(Number(figures.done_points), " of ", Number(figures.total_points)),
        sentence(percent(behind_percent(row))),
        sentence(percent(figures.time.impediment_share_percent)),
        sentence(Day(figures.projected_85_on, today)),
    )
