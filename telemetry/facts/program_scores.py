"""What the forecasts of programs that were shown came to, by the epics of all their teams."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Connection, select

from telemetry.facts.back_tests import programs_tested
from telemetry.facts.reading.batch import Team
from telemetry.metrics.judged import Past, Said, Spells, Today, all_emptied_on, recorded, tally
from telemetry.metrics.tally import beside
from telemetry.store import schema as s
from telemetry.store.forecasts import OF_SEVERAL, PROGRAM, prune_forecasts, read_forecasts
from telemetry.store.teams import raise_facts_version
from telemetry.store.upsert import chunks, replace

SCORES = s.forecast_scores.c


def write_program_scores(connection: Connection, due: Sequence[Team]) -> int:
    """Judge what was said of programs, by the epics of all their teams."""
    latest = max(due, key=lambda one: (_day_of(one), one.rules.key))
    day = _day_of(latest)
    here = (SCORES.team_key == OF_SEVERAL, SCORES.site == "")
    if connection.scalar(select(SCORES.day).where(*here)) == day:
        return 0
    prune_forecasts(connection, OF_SEVERAL, day)
    said = [one for one in read_forecasts(connection, OF_SEVERAL) if one.day < day]
    ends = _ends(connection, {key for one in said for key, _ in one.said["parts"]})
    today = Today(day, latest.rules.calendar)
    found, subjects, gone = list[Past](), set[str](), 0
    for one in said:
        every = [(key, issue_id) for key, ids in one.said["parts"] for issue_id in ids]
        known = [ends[epic] for epic in every if epic in ends]
        if not known:
            gone += bool(every)
            continue
        subjects.add(one.subject)
        end = date.fromisoformat(one.said["end"])
        shown = Said(one.day, one.said["dates"], one.said["probability"], end)
        found.append(recorded(shown, all_emptied_on(known, one.day), today))
    began = min((one.day for one in said), default=day)
    tested = programs_tested(connection, began, today)
    scores = {PROGRAM: beside(tally(found, len(subjects), gone), tested)}
    rows = [{"day": day, "scores": scores, "ends": []}] if said or tested.count else []
    scope = {"team_key": OF_SEVERAL, "site": ""}
    changed = replace(connection, s.forecast_scores, scope, rows)
    if changed:
        raise_facts_version(connection, latest.rules.key)
    return changed


def _ends(connection: Connection, teams: Iterable[str]) -> dict[tuple[str, int], Spells]:
    found: dict[tuple[str, int], Spells] = {}
    for some in chunks(sorted(teams)):
        query = select(SCORES.team_key, SCORES.ends).where(SCORES.team_key.in_(some))
        for key, ends in connection.execute(query):
            found |= {(key, issue_id): spells for issue_id, spells in ends}
    return found


def _day_of(team: Team) -> date:
    return team.rules.calendar.day_of(team.as_of)
