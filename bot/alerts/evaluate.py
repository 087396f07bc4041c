"""Looks at every team whose facts or day changed, and at the sites; writes what became of alerts.

What is to be told goes into the outbox in the transaction that changes an alert's state.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from time import perf_counter
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from bot.alerts import routing
from bot.alerts.carrying import Evaluation, Undone, carry_on, in_transaction
from bot.alerts.due import Due
from bot.alerts.sites import look_at_sites
from bot.alerts.writing import RULE_OFF, TEAM_REMOVED, Place, Writer
from telemetry.alerts.readings import Answer, Unable
from telemetry.alerts.rules.every import OF_TEAMS
from telemetry.errors import SiteBusy
from telemetry.logs import get_logger
from telemetry.report.alerts.reading import read_watched
from telemetry.report.alerts.watched import WatchedTeam
from telemetry.report.teams.team import read_team
from telemetry.settings import Settings
from telemetry.settings.alerting import AlertSettings
from telemetry.store.alerts import (
    SITE,
    TeamLook,
    TeamState,
    add_evaluation,
    last_evaluated_at,
    lock_open,
    prune_alerts,
    prune_evaluations,
    read_all_open,
    read_look,
    read_team_states,
    write_look,
)
from telemetry.store.engine import reading, writing
from telemetry.store.mutes import prune_mutes, read_mutes
from telemetry.store.pulls import pull_lock
from telemetry.store.teams import raise_facts_version

log = get_logger()

LOCK = "~alerts"
KEPT = timedelta(days=30)  # looks
KEPT_ALERTS = timedelta(days=400)  # after they are over: pages tell of a year
MOST_PRUNED = 5_000  # at once, lest a pull waits for the store
AT_ONCE = 25  # teams a transaction: a pull waits no longer for the store


def evaluate(
    engine: Engine,
    settings: Settings,
    now: datetime,
    *,
    is_whole: bool = False,
    is_dry: bool = False,
    began_at: datetime | None = None,
) -> Evaluation:
    """Look at the teams that changed, or at all; with `is_dry` nothing is written.

    Where another bot is at it nothing is done. `began_at` is when the bot did: data that became
    stale while it was off are pulled first.
    """
    found = Evaluation()
    began = perf_counter()
    try:
        with pull_lock(engine, LOCK):
            _teams(engine, settings, now, found, is_whole, is_dry)
            _guarded(
                found,
                "sites",
                partial(look_at_sites, engine, settings, now, found, is_dry, began_at),
            )
            if (found.team_count or found.errors) and not is_dry:
                took = round((perf_counter() - began) * 1000)
                _note(engine, now, found, took)
    except SiteBusy:
        found.is_busy = True
    return found


def _note(engine: Engine, now: datetime, found: Evaluation, took: int) -> None:
    with writing(engine) as connection:
        last = last_evaluated_at(connection)
        if last is None or last.date() != now.date():  # it reads all alerts, so once a day
            prune_evaluations(connection, now - KEPT)
            prune_alerts(connection, now - KEPT_ALERTS, MOST_PRUNED)
            prune_mutes(connection, now - KEPT_ALERTS)
        values = {
            "at": now,
            "milliseconds": took,
            "team_count": found.team_count,
            "opened_count": found.counts.opened,
            "worsened_count": found.counts.worsened,
            "resolved_count": found.counts.resolved,
            "error": "\n".join(found.errors) or None,
        }
        add_evaluation(connection, values)


def _guarded(found: Evaluation, what: str, work: Callable[[], None]) -> None:
    """Do what must not keep the others from being looked at."""
    try:
        work()
    except Undone:
        raise
    except Exception as error:
        log.exception("alerts not evaluated", of=what)
        found.errors.append(f"{what}: {type(error).__name__}")


def _teams(
    engine: Engine,
    settings: Settings,
    now: datetime,
    found: Evaluation,
    is_whole: bool,
    is_dry: bool,
) -> None:
    has_rules = bool(routing.entries(settings))
    with reading(engine) as connection:
        states = read_team_states(connection) if has_rules else []
        removed = {one.team_key for one in read_all_open(connection)} - {SITE}
    is_due = Due(settings, now)
    due = [one for one in states if is_whole or is_due(one)]
    removed -= {one.key for one in states}
    for start in range(0, len(due), AT_ONCE):
        some = due[start : start + AT_ONCE]
        in_transaction(engine, is_dry, partial(_look, settings, now, found, some))
    if removed and not is_dry:
        with writing(engine) as connection:
            lock_open(connection, removed)
            for key in removed:
                writer = Writer(connection, now, Place(key, ""), found.counts)
                writer.end_all(TEAM_REMOVED if has_rules else RULE_OFF)
                raise_facts_version(connection, key)


def _look(
    settings: Settings,
    now: datetime,
    found: Evaluation,
    states: list[TeamState],
    connection: Connection,
) -> None:
    lock_open(connection, [state.key for state in states])
    for state in states:

        def look(state: TeamState = state) -> None:
            with connection.begin_nested():
                _team(connection, settings, now, found, state)

        _guarded(found, f"team {state.key}", look)


def _team(
    connection: Connection, settings: Settings, now: datetime, found: Evaluation, state: TeamState
) -> None:
    rules = routing.of_team(settings, state.key)
    stored = read_team(connection, state.key)
    team = read_watched(connection, stored, now, frozenset(rules))
    if team is None:
        return
    place = Place(
        state.key,
        team.name,
        calendar=team.calendar,
        quiet=settings.quiet_hours,
        channels={
            name: routing.channels_of_team(settings, entry, state.key)
            for name, entry in rules.items()
        },
        mutes=read_mutes(connection, now),
    )
    writer = Writer(connection, now, place, found.counts, found.planned)
    answers = {name: _answer(name, team, entry) for name, entry in rules.items()}
    lasting = frozenset(str(one.summary.id) for one in team.running)
    before = read_look(connection, state.key)
    known = before.rules if before else {}
    memories = carry_on(connection, writer, answers, known, lasting, team.known_day)
    if writer.has_changed:
        raise_facts_version(connection, state.key)
    version = state.facts_version + writer.has_changed
    look = TeamLook(version, _day_there(settings, team), routing.digest(rules), memories)
    write_look(connection, state.key, look)
    found.team_count += 1


def _day_there(settings: Settings, team: WatchedTeam) -> date:
    """The day by the zone of the configuration, which the next pull makes the team's."""
    own = settings.team(team.key)
    zone = team.calendar.timezone if own is None else own.calendar.timezone
    return max(team.today, team.now.astimezone(ZoneInfo(zone)).date())


def _answer(name: str, team: WatchedTeam, entry: AlertSettings) -> Answer:
    """What a rule answers; one that breaks costs itself alone."""
    try:
        return OF_TEAMS[name](team, entry)
    except Exception as error:
        log.exception("alert rule broke", rule=name, team=team.key)
        return Unable(f"It could not be computed ({type(error).__name__}).")
