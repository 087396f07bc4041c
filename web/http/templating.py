"""The template environment: autoescaped, with the figures' definitions and formats."""

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from telemetry.words import days
from telemetry.words import numbers as words
from web.show import (
    burndown_rows,
    coded,
    issue_link,
    issue_rows,
    links,
    menus,
    numbers,
    printed,
    roadmap_cells,
    terms,
    text,
)
from web.show.saved import IS_SAVED, sort_values

TEMPLATES = Path(__file__).parents[1] / "templates"


def inline_json(value: Any) -> Markup:
    """JSON that may stand in a script element: no `<` can end it."""
    text = orjson.dumps(value).decode()
    # every < is escaped, and nothing else ends a script element
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028"))  # noqa: S704


# the page's `now`, `zone` and `chosen` (the choices that its address holds) decide how its dates
# and its links to itself are written


def _today(context: Context) -> date:
    now: datetime = context["now"]
    return now.astimezone(context.get("zone", UTC)).date()


@pass_context
def _day(context: Context, value: date | None) -> str:
    return days.day(value, _today(context))


@pass_context
def _day_of(context: Context, at: datetime | None, zone: ZoneInfo) -> str:
    return numbers.day_of(at, zone, _today(context))


@pass_context
def _here(context: Context, anchor: str = "", **changes: object) -> str:
    """An address on the same page with other choices; "" takes one away."""
    return links.query(context["chosen"], changes, anchor)


@pass_context
def _kept(context: Context, href: str) -> str:
    """The address of a sentence's figure, on the same page with the choices made there."""
    return links.kept(href, context.get("chosen", {}))


@cache
def environment() -> Environment:
    """Templates of this application, compiled once a process; an undefined name is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {
        "number": numbers.number,
        "signed": numbers.signed,
        "percent": numbers.percent,
        "hours": numbers.hours,
        "hours_number": numbers.hours_number,
        "day": _day,
        "kept": _kept,
        "said": text.text,
        "inline_json": inline_json,
        "coded": coded.coded,
        "css_string": printed.css_string,
    }
    made.globals |= {
        "term": terms.term,
        "team_menu": menus.team_menu,
        "sprint_menu": menus.sprint_menu,
        "sprint_strip": menus.sprint_strip,
        "decimal_sign": numbers.DECIMAL.get,
        "is_saved": IS_SAVED.get,
        "sort_values": sort_values,
        "plural": words.plural,
        "counted": numbers.counted,
        "day_of": _day_of,
        "clock": numbers.clock,
        "age": numbers.age,
        "here": _here,
        "runs": text.runs,
        "sprint_list": links.sprint_list,
        "sprint_impediments": links.sprint_impediments,
        "UNKNOWN": words.UNKNOWN,
        "day_rows": burndown_rows.day_rows,
        "event_rows": burndown_rows.event_rows,
        "issue_rows": issue_rows.issue_rows,
        "program_links": roadmap_cells.programs,
        "issue_link": issue_link.issue_link,
        "key_link": issue_link.key_link,
    }
    return made
