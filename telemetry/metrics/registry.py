"""Every figure by name: what it is called, its unit, what it means, where it comes from.

Read by the pages' definitions, the README's table and the API's descriptions. The long form of
each figure is its section, by slug, in definitions.md.
"""

from collections.abc import Iterator
from functools import cache

from telemetry.metrics.registered.figure import Figure
from telemetry.metrics.registered.flow import FLOW
from telemetry.metrics.registered.forecasts import FORECASTS
from telemetry.metrics.registered.gap import GAP
from telemetry.metrics.registered.impediments import IMPEDIMENTS, TIME
from telemetry.metrics.registered.quarter import QUARTER
from telemetry.metrics.registered.sprint import BURNDOWN, ISSUES, SPRINT
from telemetry.metrics.registered.velocity import VELOCITY

_ALL = (SPRINT, FORECASTS, GAP, BURNDOWN, ISSUES, TIME, IMPEDIMENTS, VELOCITY, QUARTER, FLOW)


def figures() -> Iterator[Figure]:
    """All figures, in the order of the pages."""
    for group in _ALL:
        yield from group


@cache  # 4 µs, once a page
def by_slug() -> dict[str, Figure]:
    """Every figure by its slug, which is also its anchor on the page of definitions."""
    return {figure.slug: figure for figure in figures()}


@cache  # 6 µs, for each key of a model or file
def by_key() -> dict[str, Figure]:
    """Every figure by the names that the API gives it."""
    return {key: figure for figure in figures() for key in figure.keys}


@cache  # 6 µs, two or three times a page
def by_field() -> dict[str, Figure]:
    """Every figure by the field of a sprint's figures that it would be, if it is one."""
    return {figure.field or next(iter(figure.keys), figure.slug): figure for figure in figures()}
