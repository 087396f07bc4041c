"""What forecasts were worth, as the API tells it beside them."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from telemetry.metrics.forecast import Promise, Worth
from web.api.models import Model, Percent


class PromiseCalibration(Model):
    promised_percent: int
    came_true_percent: Percent
    count: Annotated[int, Field(description="Promises of past forecasts that can be judged")]
    pinball_loss: Annotated[
        float | None,
        Field(description="Mean loss, of dates in working days, of amounts in points"),
    ]
    uncorrected_came_true_percent: Annotated[
        float | None, Field(description="The same of the simulation alone")
    ]
    uncorrected_pinball_loss: float | None


class ChanceCalibration(Model):
    count: Annotated[int, Field(description="Chances of past forecasts that can be judged")]
    brier_score: Annotated[float | None, Field(description="0 is perfect, 0.25 a coin")]
    uncorrected_brier_score: float | None
    lender_count: Annotated[
        int, Field(description="Other teams whose record this is; 0: the team's own")
    ]


def promises(kept: Sequence[Promise], alone: Sequence[Promise]) -> dict[str, PromiseCalibration]:
    """How promises held, by their chance, beside those of the simulation alone."""
    return {
        str(one.promised_percent): PromiseCalibration(
            promised_percent=one.promised_percent,
            came_true_percent=one.came_true_percent,
            count=one.count,
            pinball_loss=one.loss,
            uncorrected_came_true_percent=other.came_true_percent,
            uncorrected_pinball_loss=other.loss,
        )
        for one, other in zip(kept, alone, strict=True)
    }


def chances(worth: Worth) -> ChanceCalibration:
    """How well chances were told."""
    return ChanceCalibration(
        count=worth.corrected.count,
        brier_score=worth.corrected.brier,
        uncorrected_brier_score=worth.simulated.brier,
        lender_count=worth.lenders,
    )
