"""The template environment: autoescaped, with the figures' definitions and formats."""

import re
from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from telemetry.metrics.registry import by_slug
from web import numbers
from web.views import issues

TEMPLATES = Path(__file__).parent / "templates"


def inline_json(value: Any) -> Markup:
    """JSON that may stand in a script element: no `<` can end it."""
    text = orjson.dumps(value).decode()
    # every < is escaped, and nothing else ends a script element
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028"))  # noqa: S704


def identifier(text: str) -> str:
    """Text as a part of an id."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")


def environment() -> Environment:
    """Templates of this application; an undefined name is an error."""
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
        "day": numbers.day,
        "inline_json": inline_json,
        "identifier": identifier,
    }
    made.globals |= {
        "figures": by_slug(),
        "plural": numbers.plural,
        "counted": numbers.counted,
        "day_of": numbers.day_of,
        "clock": numbers.clock,
        "age": numbers.age,
        "period": numbers.period,
        "short_period": numbers.short_period,
        "UNKNOWN": numbers.UNKNOWN,
        "issue_labels": issues.labels,
        "OUTCOMES": issues.OUTCOMES,
        "STATES": issues.STATES,
    }
    return made
