"""The blocks of `telemetry.yml` about what the bot says: channels, alerts, quiet hours, admin."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from math import isfinite
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from telemetry.settings.block import Block, Text
from telemetry.settings.secret import Secret
from telemetry.settings.values import Clock, TeamKey, nearest, wrong

Severity = Literal["note", "watch", "bad"]
THRESHOLDS = ("threshold_percent", "threshold_days", "threshold_hours", "for_working_days")


@dataclass(frozen=True, slots=True)
class RuleKind:
    """A rule of the table: what it watches, whether it is on by default, when it opens.

    `takes` maps a key of an entry under `alerts` to its default.
    """

    subject: str  # sprint | team | impediment | issue | quarter | site
    severity: Severity
    is_default: bool
    opens: str
    takes: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_of_site(self) -> bool:
        """Whether it watches the pulls and not a team's figures."""
        return self.subject == "site"


def _percent(value: float, days: int | None = None) -> dict[str, float]:
    return {"threshold_percent": value} | ({"for_working_days": days} if days else {})


RULES: Mapping[str, RuleKind] = {
    "sprint_behind": RuleKind(
        "sprint",
        "watch",
        True,
        "behind more than this share of all points in scope",
        _percent(20, 2),
    ),
    "sprint_at_risk": RuleKind(
        "sprint",
        "watch",
        True,
        "30 % of its time is gone, and all is done by the planned end in less than this share "
        "of the futures",
        _percent(15, 2),
    ),
    "scope_grown": RuleKind(
        "sprint",
        "watch",
        False,
        "added + re-estimated − removed is more than this share of the commitment",
        _percent(20),
    ),
    "impediment_time": RuleKind(
        "team",
        "watch",
        True,
        "impediments of 5 working days took more than this share of the usual, and a fifth of "
        "all time",
        _percent(200),
    ),
    "impediment_open": RuleKind(
        "impediment",
        "watch",
        True,
        "open for longer than 85 of 100 of the past year’s, and for more than these working days",
        {"threshold_days": 3},
    ),
    "peak_day": RuleKind(
        "team",
        "note",
        False,
        "impediments of a day took more than on all but 2 of the last 60",
    ),
    "off_plan_time": RuleKind(
        "team",
        "watch",
        False,
        "off-plan work took more than this share of 5 working days",
        _percent(30),
    ),
    "unestimated": RuleKind(
        "sprint",
        "note",
        False,
        "more than 2 open issues have no estimate",
        {"for_working_days": 1},
    ),
    "work_ageing": RuleKind(
        "issue",
        "note",
        False,
        "in progress for longer than 95 of 100 took",
    ),
    "no_work_logged": RuleKind(
        "team",
        "note",
        False,
        "nobody logged work on these working days, in a team that does",
        {"for_working_days": 2},
    ),
    "sprint_started": RuleKind(
        "sprint",
        "note",
        True,
        "a sprint began",
    ),
    "sprint_closed": RuleKind(
        "sprint",
        "note",
        True,
        "a sprint was closed",
    ),
    "quarter_at_risk": RuleKind(
        "quarter",
        "watch",
        True,
        "what is left needs these working days more than are left, or the chance that all is done "
        "by its end fell by so much within 5 working days, to less than 50 %",
        {"threshold_days": 1, "threshold_percent": 20},
    ),
    "data_stale": RuleKind(
        "site",
        "bad",
        True,
        "no complete pull for three times `bot.every`, and for these hours",
        {"threshold_hours": 1},
    ),
    "pull_failing": RuleKind(
        "site",
        "bad",
        True,
        "3 pulls failed in a row",
    ),
}


MOST = 1e6  # of a threshold


def _rule(value: Any) -> str:
    if not isinstance(value, str) or value not in RULES:
        raise wrong(f"{value!r} is no rule{nearest(str(value), RULES)}")
    return str(value)


def _positive(value: Any) -> float:
    try:
        number = 0.0 if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = 0.0
    if isfinite(number) and number >= MOST:
        raise wrong(f"{value!r} is more than anything reaches; leave it out to have the default")
    if not 0 < number < MOST:
        raise wrong(f"{value!r} is not a number above 0; leave it out to have the default")
    return number


def _days(value: Any) -> int:
    days = _positive(value)
    if days != int(days) or days > 60:
        raise wrong(f"{value!r} is not a number of working days from 1 to 60")
    return int(days)


Positive = Annotated[float, BeforeValidator(_positive)]
WorkingDays = Annotated[int, BeforeValidator(_days)]


class ChannelSettings(Block):
    """Where messages go, by names of your own."""

    url: Annotated[
        Secret,
        Field(
            description="its address for Apprise, as env:NAME or file:PATH: it holds a secret; "
            "several stand on lines of their own"
        ),
    ]
    teams: Annotated[
        tuple[TeamKey, ...] | None,
        Field(description="whose alerts it gets; by default all teams’, `[]`: none"),
    ] = None


class AlertSettings(Block):
    """One rule that is on. Without `alerts` the default rules are; `[]` is none."""

    rule: Annotated[str, BeforeValidator(_rule), Field(description="which one, see below")]
    threshold_percent: Annotated[Positive | None, Field(description="where it opens")] = None
    threshold_days: Annotated[Positive | None, Field(description="where it opens")] = None
    threshold_hours: Annotated[Positive | None, Field(description="where it opens")] = None
    for_working_days: Annotated[
        WorkingDays | None, Field(description="at so many ends of working days, and now")
    ] = None
    teams: Annotated[
        tuple[TeamKey, ...] | None, Field(description="whose; by default all teams’")
    ] = None
    channels: Annotated[
        tuple[Text, ...] | None, Field(description="where to; by default the team’s")
    ] = None

    def threshold(self, key: str) -> float:
        """What a key of the rule is set to, or its default."""
        given = getattr(self, key)
        return float(RULES[self.rule].takes[key] if given is None else given)


class QuietHours(Block):
    """When messages wait, in each team's zone; `quiet_hours: null` is never."""

    model_config = ConfigDict(populate_by_name=True)

    start: Annotated[Clock, Field(alias="from", description="from when on")]
    end: Annotated[Clock, Field(alias="to", description="until when")]


class AdminSettings(Block):
    """Who keeps this running."""

    channels: Annotated[
        tuple[Text, ...],
        Field(description="told of stale data, failing pulls and deliveries given up"),
    ] = ()


@cache
def default_alerts() -> tuple[AlertSettings, ...]:
    """The rules that are on where the configuration has no `alerts`."""
    return tuple(AlertSettings(rule=name) for name, kind in RULES.items() if kind.is_default)
