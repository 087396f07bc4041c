"""What is kept of a week, as JSON of ids and numbers; titles are looked up when it is shown."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from telemetry.domain.team import TeamRules
from telemetry.report.reviews.frozen import (
    Titles,
    bare,
    bare_group,
    came_back,
    issues_named,
    named,
)
from telemetry.report.reviews.week_shapes import WeekKept
from telemetry.store.teams import rules_from_json, rules_to_json

FORMAT = 1
GROUPS_KEPT = 2  # of what came back, the largest: a review asks of no more


def to_json(kept: WeekKept, rules: TeamRules) -> dict[str, Any]:
    """What `from_json` reads."""
    return {
        "format": FORMAT,
        "rules": rules_to_json(rules),
        "kept": _adapter().dump_python(_untitled(kept), mode="json"),
    }


def from_json(record: Mapping[str, Any]) -> tuple[WeekKept, TeamRules]:
    """A week as it was kept, without titles, and the rules of then."""
    return _adapter().validate_python(record["kept"]), rules_from_json(record["rules"])


@cache  # 14 ms, for each week that is read
def _adapter() -> TypeAdapter[WeekKept]:
    return TypeAdapter(WeekKept)


def _untitled(kept: WeekKept) -> WeekKept:
    open_time = kept.open_time
    return replace(
        kept,
        impediments=tuple(map(bare, kept.impediments)),
        open_impediments=tuple(map(bare, kept.open_impediments)),
        recurring=tuple(map(bare_group, kept.recurring[:GROUPS_KEPT])),
        open_time=open_time
        and replace(open_time, impediments=tuple(map(bare, open_time.impediments))),
    )


def issue_ids(kept: WeekKept) -> set[int]:
    """The issues whose titles are shown."""
    rows = [*kept.impediments, *kept.open_impediments]
    rows += [row for group in kept.recurring for row in group.issues]
    rows += kept.open_time.impediments if kept.open_time else ()
    issues = (*kept.done, *kept.in_progress, *kept.ageing.issues)
    return {row.id for row in rows} | {one.id for one in issues}


def titled(kept: WeekKept, titles: Titles) -> WeekKept:
    """With the keys and titles that the issues have now."""

    open_time = kept.open_time
    return replace(
        kept,
        done=issues_named(kept.done, titles),
        in_progress=issues_named(kept.in_progress, titles),
        ageing=replace(kept.ageing, issues=issues_named(kept.ageing.issues, titles)),
        impediments=tuple(named(row, titles) for row in kept.impediments),
        open_impediments=tuple(named(row, titles) for row in kept.open_impediments),
        recurring=came_back(kept.recurring, titles),
        open_time=open_time
        and replace(
            open_time,
            impediments=tuple(named(row, titles) for row in open_time.impediments),
        ),
    )
