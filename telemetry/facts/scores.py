"""What the forecasts that were shown came to, judged once a day for each team; and for programs.

Beside them stands what would have been said on the days before the record of a kind begins.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, select

from telemetry.domain.quarter import read_quarter
from telemetry.domain.team import TeamRules
from telemetry.facts.back_tests import epics_tested, is_before
from telemetry.facts.program_scores import write_program_scores
from telemetry.facts.reading.batch import Team
from telemetry.metrics.burndown import Day
from telemetry.metrics.epic_days import EpicDays, epic_days
from telemetry.metrics.judged import (
    Burned,
    Past,
    Said,
    Spells,
    Today,
    all_emptied_on,
    back_tested,
    empty_spells,
    recorded,
    tally,
)
from telemetry.metrics.quarter import term_of
from telemetry.metrics.tally import Tally, beside, to_stored
from telemetry.metrics.timeline import points
from telemetry.store import schema as s
from telemetry.store.engine import reading, writing
from telemetry.store.epics import read_epics, read_labels
from telemetry.store.forecasts import (
    EPIC,
    QUARTER,
    SPRINT,
    Recorded,
    prune_forecasts,
    read_forecasts,
)
from telemetry.store.sprint_days import read_sprint_days
from telemetry.store.teams import raise_facts_version
from telemetry.store.upsert import chunks, replace

SCORES = s.forecast_scores.c
Judged = dict[str, list[Any]]  # by kind: what was shown, and what would have been said before


def write_scores(engine: Engine, site: str, teams: Sequence[Team]) -> int:
    """Judge what was said of the teams for which a day began; how many rows changed."""
    with reading(engine) as connection:
        query = select(SCORES.team_key, SCORES.day).where(SCORES.site == site)
        known = {row.team_key: row.day for row in connection.execute(query)}
    changed, due = 0, [one for one in teams if known.get(one.rules.key) != _today(one)]
    for team in due:
        with writing(engine) as connection:
            written = _write_team(connection, team)
            if written:
                raise_facts_version(connection, team.rules.key)
            changed += written
    if due:
        with writing(engine) as connection:
            changed += write_program_scores(connection, due)
    return changed


def _today(team: Team) -> date:
    return team.rules.calendar.day_of(team.as_of)


def _write_team(connection: Connection, team: Team) -> int:
    rules, today = team.rules, Today(_today(team), team.rules.calendar)
    prune_forecasts(connection, rules.key, today.today)
    said = [
        one for one in read_forecasts(connection, rules.key, rules.site) if one.day < today.today
    ]
    of_sprints = [one for one in said if one.kind == SPRINT]
    of_quarters = [one for one in said if one.kind == QUARTER]
    epics = _epics(connection, team, of_quarters)
    ends = {issue_id: empty_spells(days) for issue_id, days in epics.items()}
    quarter, epic = _quarters(rules, of_quarters, epics, ends, today)
    scores = {
        SPRINT: beside(_sprints(connection, rules, of_sprints, today)),
        EPIC: beside(epic),
        QUARTER: beside(quarter),
    }
    for kind, table in ((SPRINT, s.team_forecasts), (QUARTER, s.roadmap_forecasts)):
        began = _began(said, kind, today)
        days = connection.scalar(
            select(table.c.days).where(table.c.team_key == rules.key, table.c.site == rules.site)
        )
        scores[kind][1] = to_stored(_tested(days or (), began, today))
    tested = epics_tested(connection, rules, _began(said, QUARTER, today), today)
    scores[EPIC][1] = to_stored(tested)
    row = {"day": today.today, "scores": scores, "ends": list(ends.items())}
    scope = {"team_key": rules.key, "site": rules.site}
    return replace(connection, s.forecast_scores, scope, [row])


def _began(said: Iterable[Recorded], kind: str, today: Today) -> date:
    """The first day of the record of a kind."""
    return min((one.day for one in said if one.kind == kind), default=today.today)


def _tested(days: Iterable[Sequence[Any]], began: date, today: Today) -> Tally:
    found = [
        (one[0], past)
        for one in days
        if one[0] <= today.today.toordinal()
        and is_before(past := back_tested(one, today), began, today)
    ]
    return tally((past for _, past in found), len({closed for closed, _ in found}))


def _sprints(
    connection: Connection, rules: TeamRules, said: Sequence[Recorded], today: Today
) -> Tally:
    burned = _burned(connection, rules, {int(one.subject) for one in said})
    found, gone = [], 0
    for one in said:
        sprint = burned.get(int(one.subject))
        if sprint is None:
            gone += 1
            continue
        end = _day(one.said["end"])
        shown = Said(one.day, one.said["dates"], one.said["probability"], end, one.said["done"])
        did = None if end is None or end >= today.today else sprint.done_by(end)
        found.append(recorded(shown, sprint.finished_on(one.day), today, did))
    return tally(found, len(burned), gone)


def _burned(connection: Connection, rules: TeamRules, ids: Iterable[int]) -> dict[int, Burned]:
    c = s.sprint_forecasts.c
    every = sorted(ids)
    left: dict[int, date | None] = {}
    for some in chunks(every):
        query = select(c.sprint_id, c.left_done_on).where(
            c.team_key == rules.key, c.site == rules.site, c.sprint_id.in_(some)
        )
        left |= {row.sprint_id: row.left_done_on for row in connection.execute(query)}
    return {
        sprint_id: Burned(
            [one.day for one in days],
            [one.remaining_points for one in days],
            [one.done_points for one in days],
            left.get(sprint_id),
        )
        for sprint_id, days in read_sprint_days(connection, rules, every, Day).items()
    }


def _epics(connection: Connection, team: Team, said: Sequence[Recorded]) -> dict[int, EpicDays]:
    """The epics of which something was said, as far as they are still there."""
    wanted = {issue_id for one in said for issue_id, *_ in one.said["epics"]}
    if not wanted:
        return {}
    labels = read_labels(connection, team.rules)
    known = {i: one for i, one in labels.items() if i in wanted}
    return {
        one.issue_id: epic_days(one, team.rules.calendar, team.as_of)
        for one in read_epics(connection, team.rules, known)
    }


def _quarters(
    rules: TeamRules,
    said: Sequence[Recorded],
    epics: Mapping[int, EpicDays],
    ends: Mapping[int, Spells],
    today: Today,
) -> tuple[Tally, Tally]:
    """What was said of quarters, and of their epics, which are followed wherever they are put."""
    of_quarters, of_epics, subjects = list[Past](), list[Past](), set[str]()
    gone_quarters = gone_epics = 0
    for one in said:
        end = _end(one, rules)
        if end is None or not one.said["epics"]:
            continue
        subjects.add(one.subject)
        known = [epic for epic in one.said["epics"] if epic[0] in ends]
        gone_epics += len(one.said["epics"]) - len(known)
        for issue_id, chance, dates in known:
            finished = all_emptied_on([ends[issue_id]], one.day)
            of_epics.append(recorded(Said(one.day, dates, chance, end), finished, today))
        if not known:
            gone_quarters += 1
            continue
        finished = all_emptied_on([ends[epic[0]] for epic in known], one.day)
        days = [epics[epic[0]] for epic in known]
        did = _done_in(days, one.day, end) if end < today.today else None
        of_quarters.append(recorded(_said_of_quarter(one, end), finished, today, did))
    return tally(of_quarters, len(subjects), gone_quarters), tally(of_epics, len(ends), gone_epics)


def _end(one: Recorded, rules: TeamRules) -> date | None:
    """The quarter's last day as it was then; where it is not recorded, as it is by now."""
    if "end" in one.said:
        return _day(one.said["end"])
    quarter = read_quarter(one.subject)
    return None if quarter is None else term_of(quarter, rules.calendar).last


def _said_of_quarter(one: Recorded, end: date) -> Said:
    """What is done by then is told without what was done when it was said."""
    before, done = one.said.get("done_points"), one.said["done"]
    more = [None if before is None or all_ is None else all_ - before for all_ in done]
    return Said(one.day, one.said["dates"], one.said["probability"], end, more)


def _done_in(epics: Iterable[EpicDays], first: date, last: date) -> float:
    """The points of epics that were done from one day to another, both included."""
    before = first - timedelta(days=1)
    return points(sum(one.at(last)[1] - one.at(before)[1] for one in epics))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
