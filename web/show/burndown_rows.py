"""The rows of the burndown's two tables, as HTML: the longest of a sprint's page.

They are put together here and not by a template: they are most of what a page says, and it is to
be there at once when figures changed.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from telemetry.report.shapes.burndown import Burndown, BurndownDay, BurndownEvent
from telemetry.words.days import day
from web.show.issue_link import issue_link
from web.show.links import query
from web.show.numbers import (
    clock,
    number,
    signed,
)

_WORDS = {"reestimated": "re-estimated"}
Chosen = Mapping[str, object]


def day_rows(
    chart: Burndown, zone: ZoneInfo, today: date, chosen: Chosen, *, has_without: bool
) -> Markup:
    """A row a day; one on which something changed links to its issues."""
    changed = {event.at.astimezone(zone).date() for event in chart.events}
    off = frozenset(chart.days_off)

    def row(one: BurndownDay) -> str:
        name = day(one.day, today)
        if one.day in changed:
            name = _link(chosen, f"day:{one.day}", name)
        without = _cell(number(one.remaining_without_impediments_points)) if has_without else ""
        look = ' class="off-day"' if one.day in off else ""
        return (
            f'<tr{look}><th scope="row">{name}</th>'
            f'<td class="num"><b>{number(one.remaining_points)}</b></td>{without}'
            f"{_cell(number(one.ideal_points))}{_cell(number(one.scope_points))}"
            f"{_cell(signed(one.added_points))}{_cell(signed(-one.removed_points))}"
            f"{_cell(signed(one.reestimated_points))}{_cell(signed(-one.burned_points))}"
            f"{_cell(signed(one.reopened_points))}</tr>"
        )

    return _joined(map(row, chart.days))


def event_rows(
    chart: Burndown, zone: ZoneInfo, today: date, chosen: Chosen, urls: Mapping[str, str]
) -> Markup:
    """A row a change, with links to those of its minute and to its issue at `urls`."""

    def row(one: BurndownEvent) -> str:
        at = one.at.astimezone(zone)
        when = f"{day(at.date(), today)}, {clock(at, zone)}"
        url = urls.get(one.issue_key)
        issue: str = Markup("{} {}").format(one.issue_key, one.summary or "")
        if url is not None:
            issue = issue_link(one.issue_key, one.summary, url)
        return (
            f'<tr><td class="when">{_link(chosen, f"at:{at.isoformat()[:16]}", when)}</td>'
            f'<td class="title">{issue}</td>'
            f"<td>{_WORDS.get(one.kind, one.kind)}</td>{_cell(signed(one.points))}</tr>"
        )

    return _joined(map(row, chart.events))


def _joined(rows: Iterator[str]) -> Markup:
    return Markup("\n".join(rows))  # noqa: S704 - each row escapes what it was given


def _cell(text: str) -> str:
    return f'<td class="num">{text}</td>'


def _link(chosen: Chosen, kind: str, text: str) -> str:
    return f'<a href="{escape(query(chosen, {"issues": kind}, "issues"))}">{text}</a>'
