"""A quarter in which something would be otherwise, as the API tells it."""

from typing import Annotated

from pydantic import Field

from telemetry.metrics.roadmap_forecast import RoadmapOutlook
from telemetry.metrics.what_if import Change
from telemetry.report.quarter.shapes import QuarterReport
from telemetry.words.plain import plain
from telemetry.words.values import NOTHING
from telemetry.words.what_if import lead, why_not
from web.api.forecasts import Days, EpicForecast, WholeForecast, by_end, dates_of, forecast_of
from web.api.models import Model, Points


class EpicWouldBe(Model):
    key: str
    forecast: EpicForecast


class WhatIf(Model):
    capacity_change_percent: float
    impediment_share_percent: Annotated[
        float | None, Field(description="As asked for; null: the usual one")
    ]
    scope_change_points: float
    security_coefficient: Annotated[float, Field(description="From 0 to 1")]
    usual_impediment_share_percent: Annotated[
        float | None,
        Field(
            description="Of the days that the forecast is drawn from; null where no hours tell: "
            "then another share changes nothing"
        ),
    ]
    remaining_points: Points
    days_to_complete: Days
    predictability_days: Days
    capacity_limit_points: Points
    forecast: Annotated[
        WholeForecast | None, Field(description="Null where nothing can be forecast")
    ]
    epics: Annotated[
        list[EpicWouldBe],
        Field(
            description="The open epics in the roadmap's order, 60 at most; scope that comes or "
            "goes is shared out by what each has left"
        ),
    ]
    reason: Annotated[
        str | None, Field(description="Why nothing is told, such as of a quarter that is over")
    ]


def what_if(found: QuarterReport, change: Change) -> WhatIf:
    """The quarter with a change, or why nothing can be told of it."""
    would, usual = found.what_if, found.usual
    why = why_not(found) or (lead(found, change) if would is None else NOTHING)
    part = None if usual is None else usual.impediments.part
    spare = None if would is None else would.predictability
    return WhatIf(
        capacity_change_percent=change.capacity_change_percent,
        impediment_share_percent=change.impediment_share_percent,
        scope_change_points=change.scope_change_points,
        security_coefficient=(would or found).security_coefficient,
        usual_impediment_share_percent=None if part is None else 100 * part,
        remaining_points=None if would is None else would.remaining_points,
        days_to_complete=None if spare is None else spare.days_to_complete,
        predictability_days=None if spare is None else spare.days,
        capacity_limit_points=None if would is None else would.capacity_limit_points,
        forecast=None if would is None else _would_be(would.outlook),
        epics=[] if would is None else _epics(found, would.outlook),
        reason=plain(why) or None,
    )


def _epics(found: QuarterReport, outlook: RoadmapOutlook) -> list[EpicWouldBe]:
    keys = {row.figures.issue_id: row.key for row in found.epics}
    return [
        EpicWouldBe(key=keys[issue_id], forecast=forecast_of(one))
        for issue_id, one in outlook.epics
        if issue_id in keys
    ]


def _would_be(outlook: RoadmapOutlook) -> WholeForecast | None:
    if outlook.why_none is not None:
        return None
    return WholeForecast(
        probability_percent=outlook.probability_percent,
        dates=dates_of(outlook.dates),
        done_by_end=by_end(outlook),
    )
