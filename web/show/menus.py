"""The menus of teams and sprints, which are long and on every page: written without a template."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from urllib.parse import quote
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from telemetry.report.shapes.sprints import SprintChoice
from telemetry.words.numbers import UNKNOWN
from web.show.bars import Column
from web.show.numbers import (
    number,
    short_period,
)


def team_menu(names: Sequence[tuple[str, str]], current: str) -> Markup:
    """A link for each key and name; that of the current team says so."""
    link = f'<a href="{_address(current)}"'
    items = _team_items(tuple(names))
    return Markup(items.replace(f"{link}>", f'{link} aria-current="true">', 1))  # noqa: S704 - escaped


@lru_cache(4)  # 7 µs a page with six teams, 1 µs a team
def _team_items(names: tuple[tuple[str, str], ...]) -> str:
    links = (f'<a href="{_address(key)}">{escape(name)}</a>' for key, name in names)
    return "\n".join(f"<li>{link}</li>" for link in links)


def sprint_menu(
    team_key: str, sprints: Sequence[SprintChoice], current: int, zone: ZoneInfo, today: date
) -> Markup:
    """A link for each sprint with its days and points; that of the current one says so."""
    items = []
    for one in sprints:
        mark = ' aria-current="true"' if one.id == current else ""
        items.append(
            f'<li><a href="{_address(team_key)}/sprints/{one.id}"{mark}><b>{escape(one.name)}</b>'
            f"<span>{_days(one, zone, today)}</span>"
            f'<span class="num">{_points(one)}</span></a></li>'
        )
    return Markup("\n".join(items))  # noqa: S704 - escaped


def sprint_strip(team_key: str, columns: Sequence[Column]) -> Markup:
    """A column for each of the last sprints, done within committed, that leads to it."""
    items = []
    for one in columns:
        sprint, mark = one.sprint, ' class="shown" aria-current="true"' if one.is_shown else ""
        kept = one.figures
        points = f"{number(kept.completed_points)} of {number(kept.committed_points)} points"
        said = f"{escape(sprint.name)}: {points}"
        items.append(
            f'<a href="{_address(team_key)}/sprints/{sprint.id}"{mark} title="{said}" '
            f'aria-label="{said} completed">'
            f'<i class="committed" style="height:{one.committed}%"></i>'
            f'<i class="completed" style="height:{one.done}%"></i></a>'
        )
    return Markup("".join(items))  # noqa: S704 - escaped


def _address(team_key: str) -> str:
    return f"/teams/{quote(team_key)}"


def _days(one: SprintChoice, zone: ZoneInfo, today: date) -> str:
    end = one.completed_at or one.planned_end_at
    if one.started_at is None or end is None:
        return "no dates"
    return short_period(one.started_at.astimezone(zone).date(), end.astimezone(zone).date(), today)


def _points(one: SprintChoice) -> str:
    if one.state == "future":
        return "planned"
    if one.figures is None:
        return UNKNOWN
    return f"{number(one.figures.completed_points)} of {number(one.figures.committed_points)}"
