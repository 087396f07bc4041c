"""The block `digests` of `telemetry.yml`: which are sent, when, and where to."""

from dataclasses import dataclass
from datetime import time
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field

from telemetry.settings.block import Block, Text
from telemetry.settings.values import CLOCK, WEEKDAYS, TeamKey, nearest, wrong

DigestKind = Literal["day", "week", "sprint", "portfolio"]
DIGEST_KINDS: tuple[str, ...] = get_args(DigestKind)


@dataclass(frozen=True, slots=True)
class At:
    """A time of day, on one weekday (0 is Monday) or, with None, on all."""

    clock: time
    weekday: int | None = None

    def __str__(self) -> str:
        clock = f"{self.clock:%H:%M}"
        return clock if self.weekday is None else f"{WEEKDAYS[self.weekday]} {clock}"


DEFAULTS = {"day": At(time(9)), "week": At(time(15), 4), "portfolio": At(time(15), 4)}


def _kind(value: Any) -> str:
    if value not in DIGEST_KINDS:
        raise wrong(f"{value!r} is no kind of digest{nearest(str(value), DIGEST_KINDS)}")
    return str(value)


def _at(value: Any) -> At:
    if isinstance(value, At):
        return value
    *days, clock = str(value).casefold().split() or [""]
    found = CLOCK.fullmatch(clock)
    if found is None or len(days) > 1 or (days and days[0] not in WEEKDAYS):
        raise wrong(
            f'{value!r} is no time of a digest; write one such as "fri 15:00" or "09:00", in quotes'
        )
    weekday = WEEKDAYS.index(days[0]) if days else None
    return At(time(int(found[1]), int(found[2])), weekday)


class DigestSettings(Block):
    """One digest that is sent. Without `digests` there are none."""

    kind: Annotated[
        DigestKind,
        BeforeValidator(_kind),
        Field(
            description="`day`: the stand-up line, on working days; `week`; `sprint`: at the close "
            "of each; `portfolio`: all its teams in one table"
        ),
    ]
    teams: Annotated[
        tuple[TeamKey, ...] | None, Field(description="whose; by default all teams’")
    ] = None
    at: Annotated[
        At | None,
        BeforeValidator(_at),
        Field(
            description='when, in the team’s zone: `"fri 15:00"`, `"09:00"`; by default a day’s at '
            "9, others on Friday at 15, a sprint’s when it is closed"
        ),
    ] = None
    channels: Annotated[
        tuple[Text, ...] | None, Field(description="where to; by default the team’s")
    ] = None

    @property
    def due(self) -> At | None:
        """When it is due; None for a sprint's, which is told at the close."""
        return self.at or DEFAULTS.get(self.kind)


def _none(value: Any) -> Any:
    return () if value is None else value


Digests = Annotated[tuple[DigestSettings, ...], BeforeValidator(_none)]
