"""The page that tells what alerts were worth in a team's past year."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from telemetry.alerts.record import RuleRecord, TeamRecord, main_threshold
from telemetry.alerts.replay import JUDGED
from telemetry.words.alerts.record import CAME_TRUE
from telemetry.words.alerts.said import TITLES
from telemetry.words.numbers import UNKNOWN, plural
from web.http.answers import Moment
from web.http.records import Records, Rule, Threshold
from web.http.site import Site
from web.show.numbers import number, percent


@dataclass(frozen=True, slots=True)
class Line:
    """A rule with one threshold, in words; a tried one stands below the one that is set."""

    title: str
    note: str
    opens: str
    spoken: str
    a_week: str
    came_true: str
    of_judged: str
    chance: str
    lead: str
    is_tried: bool


def record_pages(site: Site, records: Records) -> APIRouter:
    """`/alerts/record`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/alerts/record")
    def record(
        request: Request,
        team: Annotated[str, Query(max_length=64)] = "",
        rule: Rule = None,
        threshold: Threshold = None,
    ) -> Response:
        names = site.team_names()
        key = team or (names[0][0] if names else "")

        def render(moment: Moment) -> bytes:
            return _page(site, records, moment, key, rule, threshold)

        if key:
            site.reports.team(key, site.clock())  # raises NotFound
        return site.answers.page(
            request, render, team=key or None, asked=(key, rule, threshold, len(names))
        )

    return router


def _page(
    site: Site,
    records: Records,
    moment: Moment,
    team: str,
    rule: str | None,
    threshold: float | None,
) -> bytes:
    chosen = rule or JUDGED[0]
    found = records.of_team(team, None, None, moment.now) if team else ()
    tried: tuple[TeamRecord, ...] = ()
    if threshold is not None and found:
        tried = records.of_team(team, chosen, threshold, moment.now)
    names = site.team_names()
    return site.render(
        "record.html",
        now=moment.now,
        team=team,
        team_name=dict(names).get(team, team),
        team_names=names,
        lines=list(_lines(found, tried)),
        rules=[(name, TITLES[name]) for name in JUDGED],
        rule=chosen,
        threshold=threshold,
        came_true=[(TITLES[name], CAME_TRUE[name]) for name in JUDGED],
    )


def _lines(found: tuple[TeamRecord, ...], tried: tuple[TeamRecord, ...]) -> Iterator[Line]:
    others = {one.known.rule: one.tried for one in tried}
    for one in found:
        yield _line(one.known, "" if one.is_on else "off", is_tried=False)
        other = others.get(one.known.rule)
        if other is not None:
            yield _line(other, "tried", is_tried=True)


def _line(one: RuleRecord, note: str, *, is_tried: bool) -> Line:
    return Line(
        title=TITLES[one.rule],
        note=note,
        opens=_opens(one),
        spoken=number(one.spoken),
        a_week=number(one.a_week, 2),
        came_true=percent(one.came_true_percent),
        of_judged=f"{one.came_true} of {one.judged}" if one.judged else "",
        chance=percent(one.chance_percent),
        lead=UNKNOWN if one.lead_days is None else number(one.lead_days),
        is_tried=is_tried,
    )


def _opens(one: RuleRecord) -> str:
    sign = "<" if one.rule == "sprint_at_risk" else ">"
    if main_threshold(one.rule) == "threshold_days":
        return f"{sign} {number(one.threshold)} {plural(one.threshold, 'day')}"
    return f"{sign} {number(one.threshold)} %"
