"""What is forecast of the running sprints of a site, once the facts of all its teams are written.

A team's own record corrects what is simulated; a team that has hardly one is lent those of others,
so all must be there before. Little is computed where little changed: a team's past forecasts only
where something of its closed sprints did, a running sprint's only where what it follows from did.
"""

import hashlib
from collections.abc import Sequence

import orjson
from sqlalchemy import Connection, Engine, select, update

from telemetry.domain.models import SprintState
from telemetry.domain.team import TeamRules
from telemetry.facts.reading.batch import Team
from telemetry.facts.reading.outlooks import (
    PAST,
    Running,
    SiteNow,
    T,
    json_value,
    read_lent,
    read_record,
    read_site,
    read_worth,
)
from telemetry.metrics import correction, hindsight
from telemetry.metrics.burndown import Day
from telemetry.metrics.figures import OUTLOOK
from telemetry.metrics.forecast import (
    NOTHING,
    Outlook,
    enough_sprints,
    working_day_moves,
    worth_to_stored,
)
from telemetry.metrics.outlook import Pool, WhyNone, outlook
from telemetry.store import schema as s
from telemetry.store.engine import reading, writing
from telemetry.store.forecasts import SPRINT as SPRINT_SAID
from telemetry.store.forecasts import note_forecast
from telemetry.store.sprint_days import read_sprint_days
from telemetry.store.teams import raise_facts_version
from telemetry.store.terms import FACT, LAST_CLOSED_FIRST, SPRINT, figures_of
from telemetry.store.upsert import replace


def write_outlooks(engine: Engine, site: str, teams: Sequence[Team]) -> int:
    """Write what is forecast of the running sprints of these teams; how many rows changed."""
    changed = 0
    for team in teams:
        if team.learns:
            with writing(engine) as connection:
                changed += write_hindsight(connection, team.rules)
    with reading(engine) as connection:
        now = read_site(connection, site, teams)
        due = [team for team in teams if now.is_due(team)]
    for team in due:
        with writing(engine) as connection:
            written = _write_team(connection, now, team)
            if written:
                raise_facts_version(connection, team.rules.key)
            changed += written
    return changed


def write_hindsight(connection: Connection, rules: TeamRules) -> int:
    """Write what would have been forecast on the team's past days, if anything of it changed."""
    every = connection.execute(
        select(PAST.sprint_id, PAST.closed_on, PAST.days)
        .where(PAST.team_key == rules.key, PAST.site == rules.site)
        .order_by(PAST.closed_on, PAST.sprint_id)
    )
    rows = [row for row in every if row.days]
    told = orjson.dumps([tuple(row) for row in rows])
    digest = hashlib.blake2b(told, digest_size=16).hexdigest()
    of_team = (T.team_key == rules.key, T.site == rules.site)
    if rows and connection.scalar(select(T.digest).where(*of_team)) == digest:
        return 0
    known = [correction.from_stored(row[0], row[1], day) for row in rows for day in row[2]]
    days = [hindsight.to_stored(one) for one in hindsight.hindsight(known)]
    made = [{"digest": digest, "sprint_count": len(rows), "days": days}] if rows else []
    scope = {"team_key": rules.key, "site": rules.site}
    return replace(connection, s.team_forecasts, scope, made)


def _write_team(connection: Connection, now: SiteNow, team: Team) -> int:
    key, changed, rows = team.rules.key, 0, []
    for one in now.running.get(key, []):
        found, why = _outlook(connection, now, key, one)
        values = {name: getattr(found, field) for name, field in OUTLOOK.items()}
        said = list(map(json_value, values.values()))
        if said != one.shown:
            here = (FACT.team_key == key, FACT.site == now.site, FACT.sprint_id == one.sprint_id)
            changed += connection.execute(
                update(s.sprint_facts).where(*here).values(values)
            ).rowcount
        if why is None:
            _note(connection, now.rules[key], one, found)
        worth = None if why else read_worth(connection, now, key, one)
        rows.append(
            {
                "sprint_id": one.sprint_id,
                "basis": now.basis(key, one),
                "said": said,
                "why_none": why,
                "worth": None if worth is None else worth_to_stored(worth),
            }
        )
    scope = {"team_key": key, "site": now.site}
    return changed + replace(connection, s.sprint_outlooks, scope, rows)


def _note(connection: Connection, rules: TeamRules, one: Running, found: Outlook) -> None:
    """Record what is said of a sprint of which something is left."""
    standing = one.standing(rules)
    if standing.remaining_points <= NOTHING:
        return
    end = standing.planned_end_on
    said = {
        "probability": found.in_time_percent,
        "dates": [json_value(day) for day in (found.on_50, found.on_85, found.on_95)],
        "done": [found.done_50_points, found.done_85_points],
        "end": json_value(end),
    }
    note_forecast(connection, rules, SPRINT_SAID, str(one.sprint_id), standing.today, said)


def _outlook(
    connection: Connection, now: SiteNow, key: str, one: Running
) -> tuple[Outlook, WhyNone | None]:
    rules = now.rules[key]
    standing = one.standing(rules)
    lent = [read_lent(connection, now, name).seen(standing.today) for name in now.lenders(key)]
    own = read_record(connection, now.site, key).seen(standing.today)
    pool = _pool(connection, rules, one.sprint_id)
    return outlook(standing, pool, own, lent, rules.calendar, one.sprint_id)


def _pool(connection: Connection, rules: TeamRules, sprint_id: int) -> Pool:
    """The days of the team's last closed sprints, as many as its velocity is of."""
    last = connection.scalars(
        select(SPRINT.id)
        .join_from(s.sprint_facts, s.sprints, figures_of(rules.key))
        .where(SPRINT.site == rules.site, SPRINT.state == SprintState.CLOSED.value)
        .where(SPRINT.id != sprint_id)
        .order_by(*LAST_CLOSED_FIRST)
        .limit(rules.velocity_sprints)
    ).all()
    days = read_sprint_days(connection, rules, last, Day)
    moves = [move for i in last for move in working_day_moves(days.get(i, ()), rules.calendar)]
    return Pool(moves, len(last) >= enough_sprints(rules.velocity_sprints))
