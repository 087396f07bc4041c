"""Looks at every team whose facts or day changed, and at the sites; writes what became of alerts.

What is to be told goes into the outbox in the transaction that changes an alert's state.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from time import perf_counter
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from bot.alerts import routing
from bot.alerts.life import Look, steps
from bot.alerts.memory import memory_of
from bot.alerts.readings import Answer, Reading, Unable
from bot.alerts.rules import data_stale, pull_failing
from bot.alerts.rules.every import OF_TEAMS
from bot.alerts.writing import RULE_OFF, TEAM_REMOVED, Counts, Place, Writer
from telemetry.errors import SiteBusy
from telemetry.logs import get_logger
from telemetry.report.alerts.reading import read_sites, read_watched
from telemetry.report.alerts.watched import WatchedSite, WatchedTeam
from telemetry.report.teams.team import read_team
from telemetry.settings import Settings
from telemetry.settings.alerting import RULES, AlertSettings
from telemetry.store.alerts import (
    SITE,
    TeamLook,
    TeamState,
    add_evaluation,
    prune_evaluations,
    read_all_open,
    read_look,
    read_open,
    read_team_states,
    write_look,
)
from telemetry.store.engine import reading, writing
from telemetry.store.mutes import read_mutes
from telemetry.store.pulls import pull_lock
from telemetry.store.teams import raise_facts_version

log = get_logger()

LOCK = "~alerts"
KEPT = timedelta(days=30)
AT_ONCE = 25  # teams a transaction: a pull waits no longer for the store


class _Undone(Exception):
    """Takes back what a look would have written."""


@dataclass(slots=True)
class Evaluation:
    """What a look came to; `planned` says what would be told, and where."""

    team_count: int = 0
    counts: Counts = field(default_factory=Counts)
    planned: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    is_busy: bool = False


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
                found, "sites", partial(_sites, engine, settings, now, found, is_dry, began_at)
            )
            if (found.team_count or found.errors) and not is_dry:
                took = round((perf_counter() - began) * 1000)
                _note(engine, now, found, took)
    except SiteBusy:
        found.is_busy = True
    return found


def _note(engine: Engine, now: datetime, found: Evaluation, took: int) -> None:
    with writing(engine) as connection:
        prune_evaluations(connection, now - KEPT)
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
    except _Undone:
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
    is_due = _Due(settings, now)
    due = [one for one in states if is_whole or is_due(one)]
    removed -= {one.key for one in states}
    for start in range(0, len(due), AT_ONCE):
        some = due[start : start + AT_ONCE]
        _in_transaction(engine, is_dry, partial(_look, settings, now, found, some))
    if removed and not is_dry:
        with writing(engine) as connection:
            for key in removed:
                writer = Writer(connection, now, Place(key, ""), found.counts)
                writer.end_all(TEAM_REMOVED if has_rules else RULE_OFF)
                raise_facts_version(connection, key)


def _in_transaction(engine: Engine, is_dry: bool, work: Callable[[Connection], None]) -> None:
    try:
        with writing(engine) as connection:
            work(connection)
            if is_dry:
                raise _Undone
    except _Undone:
        return


def _look(
    settings: Settings,
    now: datetime,
    found: Evaluation,
    states: list[TeamState],
    connection: Connection,
) -> None:
    for state in states:

        def look(state: TeamState = state) -> None:
            with connection.begin_nested():
                _team(connection, settings, now, found, state)

        _guarded(found, f"team {state.key}", look)


class _Due:
    """Tells whether a team's facts, day or rules are others than at the last look."""

    def __init__(self, settings: Settings, now: datetime) -> None:
        self._settings = settings
        self._now = now
        self._days: dict[str, date] = {}  # by time zone
        self._digests: dict[tuple[int, ...], str] = {}  # by the rules that are on
        self._zones = {team.key: team.calendar.timezone for team in settings.teams}

    def __call__(self, state: TeamState) -> bool:
        if state.evaluated_on is None or state.seen_version != state.facts_version:
            return True
        if state.evaluated_on < self._day(self._zones.get(state.key, "UTC")):
            return True
        return state.configured != self._digest(state.key)

    def _day(self, zone: str) -> date:
        if zone not in self._days:
            self._days[zone] = self._now.astimezone(ZoneInfo(zone)).date()
        return self._days[zone]

    def _digest(self, team_key: str) -> str:
        rules = routing.of_team(self._settings, team_key)
        known = tuple(map(id, rules.values()))  # entries live as long as the settings
        if known not in self._digests:
            self._digests[known] = routing.digest(rules)
        return self._digests[known]


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
    memories = _live(connection, writer, answers, known, lasting, team.known_day)
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


def _live(
    connection: Connection,
    writer: Writer,
    answers: Mapping[str, Answer],
    before: Mapping[str, object],
    lasting: frozenset[str],
    known_day: date,
) -> dict[str, object]:
    """Carry every rule's alerts on; what the rules remember from now on, by name.

    Ends of days count up to the one that data reach.
    """
    records = read_open(connection, writer.place.team_key)
    memories: dict[str, object] = {}
    for name, answer in answers.items():
        mine = [one for one in records if one.rule == name]
        look = Look(
            calendar=writer.place.calendar,
            today=known_day,
            memory=memory_of(before.get(name)),
            open={one.subject_id: writer.as_open(one) for one in mine},
            lasting=lasting,
        )
        changes, memory = steps(answer, look)
        for change in changes:
            writer.write(name, change)
        memories[name] = memory.to_json()
    for record in records:
        if record.rule not in answers and record.rule in RULES:
            writer.end(record, RULE_OFF)
    return memories


def _sites(
    engine: Engine,
    settings: Settings,
    now: datetime,
    found: Evaluation,
    is_dry: bool,
    began_at: datetime | None,
) -> None:
    rules = routing.of_sites(settings)
    with reading(engine) as connection:
        look = read_look(connection, SITE)
        sites = [one for name, one in read_sites(connection).items() if name in settings.jira]
        has_open = bool(read_open(connection, SITE))
    if not rules and not has_open:
        return
    answers = {
        name: _of_sites(name, sites, entry, settings, now, began_at)
        for name, entry in rules.items()
    }
    calendar = routing.site_calendar(settings)
    channels = {name: routing.channels_of_site(settings, e) for name, e in rules.items()}

    def work(connection: Connection) -> None:
        mutes = read_mutes(connection, now)
        place = Place(SITE, "", calendar, settings.quiet_hours, channels, mutes)
        writer = Writer(connection, now, place, found.counts, found.planned)
        before = look.rules if look else {}
        today = calendar.day_of(now)
        memories = _live(connection, writer, answers, before, frozenset(), today)
        write_look(connection, SITE, TeamLook(0, today, routing.digest(rules), memories))

    is_quiet = not has_open and look is not None and not _has_news(answers)
    if not is_quiet or (look is not None and look.configured != routing.digest(rules)):
        _in_transaction(engine, is_dry, work)


def _has_news(answers: Mapping[str, Answer]) -> bool:
    return any(
        reading.is_true
        for answer in answers.values()
        if not isinstance(answer, Unable)
        for reading in answer
    )


def _of_sites(
    name: str,
    sites: list[WatchedSite],
    entry: AlertSettings,
    settings: Settings,
    now: datetime,
    began_at: datetime | None,
) -> Answer:
    """The readings of a rule of all sites."""
    every = settings.bot.every
    readings: list[Reading] = []
    for site in sites:
        if name == "data_stale":
            answer = data_stale.look(site, entry, every, now, began_at)
        else:
            answer = pull_failing.look(site, entry)
        if not isinstance(answer, Unable):
            readings += answer
    return tuple(readings)
