"""What is forecast of roadmaps, as the API tells it."""

from datetime import date
from typing import Annotated

from pydantic import Field

from telemetry.metrics.forecast import PERCENTILES
from telemetry.metrics.roadmap_forecast import EpicOutlook, RoadmapOutlook
from web.api.models import Model

Days = Annotated[float | None, Field(description="Working days; null where unknown")]


Dates = Annotated[
    dict[str, date | None],
    Field(description='Days by which all is done, by chance: "50", "85", "95"; null: none known'),
]


class EpicForecast(Model):
    probability_percent: Annotated[
        float | None, Field(description="The chance that it is done by the quarter's end")
    ]
    dates: Dates


class WholeForecast(EpicForecast):
    done_by_end: Annotated[
        dict[str, float | None], Field(description='Points done by the end, by chance: "50", "85"')
    ]


def forecast(outlook: EpicOutlook | None) -> EpicForecast | None:
    """What is forecast, if anything."""
    return None if outlook is None else forecast_of(outlook)


def forecast_of(outlook: EpicOutlook) -> EpicForecast:
    """What is forecast of an epic."""
    return EpicForecast(
        probability_percent=outlook.probability_percent, dates=dates_of(outlook.dates)
    )


def dates_of(days: tuple[date | None, ...]) -> dict[str, date | None]:
    """Days by their chance."""
    return {str(p): day for p, day in zip(PERCENTILES, days, strict=True)}


def by_end(outlook: RoadmapOutlook) -> dict[str, float | None]:
    """The points done by the quarter's end, by chance."""
    return {"50": outlook.done_50_points, "85": outlook.done_85_points}
