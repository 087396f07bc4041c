"""The routes of the API that tell what forecasts came to."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from telemetry.export.calibration import of_calibration
from telemetry.export.tables import Table
from telemetry.metrics import tally
from telemetry.metrics.forecast import AMOUNTS, PERCENTILES
from telemetry.report import calibration as report
from web.api.files import AS_FILES, FileFormat, Which, answer
from web.api.models import PROBLEMS, Answer, Model, Percent
from web.http.answers import Moment
from web.http.calibrations import Calibrations
from web.http.parameters import TeamKey
from web.http.site import Site


class Promised(Model):
    promised_percent: int
    count: Annotated[int, Field(description="Promises that can be judged")]
    held_count: int
    came_true_percent: Percent
    median_working_days: Annotated[
        float | None, Field(description="From the forecast to the day that it gave")
    ]
    pinball_loss: Annotated[
        float | None, Field(description="The mean of dates, in working days; null of amounts")
    ]


class Bin(Model):
    from_percent: int
    to_percent: int
    count: int
    said_percent: Annotated[float, Field(description="The mean chance")]
    came_true_percent: float


class Chances(Model):
    count: Annotated[int, Field(description="Chances whose planned end is over")]
    brier: Annotated[
        float | None, Field(description="The mean square by which they were off; 0 is perfect")
    ]
    base_brier: Annotated[
        float | None, Field(description="The same of always saying how often it came")
    ]
    skill_percent: Annotated[
        float | None, Field(description="By how much they were nearer than that")
    ]
    bins: Annotated[list[Bin], Field(description="By tenths, those that hold some")]


class Month(Model):
    month: Annotated[str, Field(description="`2026-11`")]
    came_true_percent: Annotated[
        Percent, Field(description="Of the days given with 85 % in it, judged so far")
    ]
    count: int
    median_width_working_days: float | None


class Record(Model):
    forecast_count: int
    subject_count: Annotated[
        int, Field(description="Sprints, epics, quarters or programs that they were of")
    ]
    gone_count: Annotated[int, Field(description="Left out: what they were of is there no more")]
    first_on: date | None
    last_on: date | None
    dates: Annotated[dict[str, Promised], Field(description='By chance: "50", "85", "95"')]
    amounts: Annotated[
        dict[str, Promised], Field(description='Done by the planned end, by chance: "50", "85"')
    ]
    chances: Chances
    median_width_working_days: Annotated[
        float | None, Field(description="From the day with 50 % to that with 85 %")
    ]
    months: list[Month]


class Kind(Model):
    kind: Literal["sprint", "epic", "quarter", "program"]
    shown: Annotated[
        Record | None, Field(description="Recorded once a day as it was shown; null: none yet")
    ]
    back_tested: Annotated[
        Record | None,
        Field(description="Made again on the days before the record; null: there is none"),
    ]


class TeamRecord(Model):
    team: str
    name: str
    items: list[Kind]


class TeamCalibration(Answer):
    began_on: Annotated[date | None, Field(description="The first day of the record")]
    items: list[Kind]


class Calibration(TeamCalibration):
    teams: list[TeamRecord]


def calibration_routes(site: Site, calibrations: Calibrations) -> APIRouter:
    """What forecasts came to, over all and of a team."""
    router = APIRouter(prefix="/api/v1", responses=PROBLEMS)

    @router.get(
        "/calibration",
        response_model=Calibration,
        summary="What forecasts came to, over all teams and of each",
        responses=AS_FILES,
    )
    def of_all(
        request: Request,
        format: FileFormat = "json",  # noqa: A002 - the name in the address
        table: Which = "",
    ) -> Response:
        return _answer(site, calibrations, request, None, format, table)

    @router.get(
        "/teams/{team}/calibration",
        response_model=TeamCalibration,
        summary="What a team's forecasts came to",
        responses=AS_FILES,
    )
    def of_team(
        request: Request,
        team: TeamKey,
        format: FileFormat = "json",  # noqa: A002 - the name in the address
        table: Which = "",
    ) -> Response:
        return _answer(site, calibrations, request, team, format, table)

    return router


def _answer(
    site: Site,
    calibrations: Calibrations,
    request: Request,
    team: str | None,
    given: FileFormat,
    which: str,
) -> Response:
    def found(moment: Moment) -> report.Calibration:
        return calibrations.at(moment, team)

    def tables(moment: Moment) -> Sequence[Table]:
        return of_calibration(found(moment))

    def render(moment: Moment) -> TeamCalibration:
        known = found(moment)
        values = {"as_of": known.as_of, "began_on": known.began_on, "items": _kinds(known.kinds)}
        if team is not None:
            return TeamCalibration.model_validate(values)
        teams = [
            TeamRecord(team=one.key, name=one.name, items=_kinds(one.kinds)) for one in known.teams
        ]
        return Calibration.model_validate({**values, "teams": teams})

    if given != "json":
        return answer(site, request, team, "calibration", given, tables, which, ages=True)
    return site.answers.json(request, render, team=team, ages=True)


def _kinds(kinds: Iterable[report.KindRecord]) -> list[Kind]:
    return [
        Kind.model_validate(
            {"kind": one.kind, "shown": _record(one.shown), "back_tested": _record(one.tested)}
        )
        for one in kinds
    ]


def _record(one: tally.Tally) -> Record | None:
    if not one.count and not one.gone_count:
        return None
    return Record(
        forecast_count=one.count,
        subject_count=one.subject_count,
        gone_count=one.gone_count,
        first_on=one.first_on,
        last_on=one.last_on,
        dates=_promises(PERCENTILES, one.dates),
        amounts=_promises(AMOUNTS, one.amounts),
        chances=Chances(
            count=one.chance_count,
            brier=one.brier,
            base_brier=one.base_brier,
            skill_percent=None if one.skill is None else 100 * one.skill,
            bins=[
                Bin(
                    from_percent=place * 100 // tally.BINS,
                    to_percent=(place + 1) * 100 // tally.BINS,
                    count=int(count),
                    said_percent=100 * said / count,
                    came_true_percent=100 * came / count,
                )
                for place, (count, said, came) in enumerate(one.bins)
                if count
            ],
        ),
        median_width_working_days=one.median_width,
        months=[
            Month(
                month=name,
                came_true_percent=month.held_percent,
                count=month.count,
                median_width_working_days=month.median_width,
            )
            for name, month in sorted(one.months.items())
        ],
    )


def _promises(percents: Iterable[int], levels: Iterable[tally.Level]) -> dict[str, Promised]:
    return {
        str(promised): Promised(
            promised_percent=promised,
            count=level.count,
            held_count=level.held,
            came_true_percent=level.held_percent,
            median_working_days=level.median_ahead,
            pinball_loss=level.mean_loss,
        )
        for promised, level in zip(percents, levels, strict=True)
    }
