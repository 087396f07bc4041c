"""Pulls every site of a configuration, all at the same time, and records how it went."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from bot.jira.client import Auth, Jira, Written, connect
from bot.jira.http.bodies import MEGABYTE
from bot.jira.http.standstill import longest
from bot.pull.hanging import recalling
from bot.pull.order import (
    Hinted,
    Kind,
    Result,
    Wanted,
)
from bot.pull.progress import Noted, Shown, Silent, Together
from bot.pull.projects import present_keys, with_key
from bot.pull.roster import write_failure
from bot.pull.site import SitePull
from bot.pull.state import forget_removed
from bot.pull.unread import unforeseen
from telemetry.collecting import rare_collections
from telemetry.context import Context
from telemetry.errors import (
    ConfigurationError,
    SiteBusy,
    StoreError,
    TelemetryError,
    TrackerUnavailable,
)
from telemetry.settings import JiraSettings, Settings, TeamSettings
from telemetry.store.engine import is_in_memory, reason_of, writing
from telemetry.store.privacy import Pseudonyms, privacy_key
from telemetry.store.pulls import (
    begin_pull,
    end_pull,
    note_progress,
    pull_lock,
    usual_length,
)
from telemetry.store.teams import keep_teams
from telemetry.words.durations import took
from telemetry.words.numbers import plural
from telemetry.words.runs import by_kind

STOPPED = "The pull was stopped before it ended."
NO_HINTS: Mapping[str, Hinted] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a pull of one site came to; `failures` maps a team's key to its sentence.

    `found` is what a comparison with Jira found (see `bot.pull.order`); `retry_after_seconds` is
    how long Jira asks to be left alone; `is_busy` tells that another bot is pulling the site.
    """

    site: str
    kind: str
    seconds: float
    issues_changed: int
    work_logs_changed: int
    facts_changed: int
    requests: int
    failures: dict[str, str] = field(default_factory=dict)
    misfits: list[str] = field(default_factory=list)  # settings that meet nothing
    refused: list[str] = field(default_factory=list)  # lists of the site that were not read
    told: dict[str, list[str]] = field(default_factory=dict)  # all of these, by kind
    is_failed: bool = False  # the site as a whole, not only some of its teams
    is_busy: bool = False
    found: dict[str, int] = field(default_factory=dict)
    retry_after_seconds: float | None = None

    def sentence(self) -> str:
        """The outcome for a person."""
        if self.is_busy:
            return f"{self.site}: another bot is pulling it into this store; nothing was done."
        if self.is_failed:
            return f"{self.site}: the pull failed after {_counted(self.requests, 'request')}."
        return (
            f"{self.site}: {self.kind} pull in {took(timedelta(seconds=self.seconds))}: "
            f"{_counted(self.issues_changed, 'issue')} and "
            f"{_counted(self.work_logs_changed, 'work log')} changed, "
            f"{_counted(self.requests, 'request')}.{self._comparison()}"
        )

    def _comparison(self) -> str:
        words = {
            "missing": "{} that we lacked",
            "changed": "{} that differed",
            "moved": "{} moved to other projects",
            "vanished": "{} deleted or hidden",
        }
        told = [words[name].format(count) for name, count in self.found.items() if count]
        if not self.found:
            return ""
        return f" Compared with Jira: {', '.join(told) or 'nothing differed'}."


def _counted(count: int, one: str) -> str:
    return f"{count} {plural(count, one)}"


def utc_now() -> datetime:
    """Our clock."""
    return datetime.now(UTC)


def connect_site(name: str, site: JiraSettings, context: Context) -> Jira:
    """A client of a configured site. Raises TelemetryError naming what is wrong."""
    settings = context.settings
    secret = site.auth.secret.resolve(context.environ, settings.base, f"{name}: jira.auth.secret")
    auth = Auth(site.auth.kind, site.auth.user, secret)
    return connect(
        name,
        site.url,
        site.deployment,
        auth,
        requests_at_once=settings.bot.requests_at_once,
        ending=context.ending,
        most_bytes=settings.bot.answer_megabytes * MEGABYTE,
        written=Written.at(
            settings.place("jira", name, "url"), settings.place("jira", name, "auth")
        ),
    )


Connecting = Callable[[str, JiraSettings, Context], Jira]


def pull_sites(
    context: Context,
    *,
    only: frozenset[str] = frozenset(),
    full: bool = False,
    reconcile: bool = False,
    accept_vanished: bool = False,
    hinted: Mapping[str, Hinted] = NO_HINTS,
    progress: Shown | None = None,
    clock: Callable[[], datetime] = utc_now,
    connecting: Connecting = connect_site,
) -> list[Outcome]:
    """Pull the teams in `only`, by default all; no site waits for another.

    Reads what changed; with `reconcile` compares all with Jira, with `full` reads all again.
    Accepting what vanished compares, too. `hinted` names by site what to look at besides.
    A site that fails does not stop the others: its teams are in the outcome's failures.
    Raises ConfigurationError for an unknown team, StoreError where the store fails, Stopped where
    all is to end.
    """
    settings, engine = context.settings, context.engine
    _check_known(settings, only)
    pseudonym = Pseudonyms(privacy_key(settings, context.environ))
    with clear_store_errors(), writing(engine) as connection:
        keep_teams(connection, [team.key for team in settings.teams])
        forget_removed(connection)
    kind = Kind.INCREMENTAL
    if full or reconcile or accept_vanished:
        kind = Kind.FULL if full else Kind.RECONCILE
    runs = []
    for name, site in settings.jira.items():
        teams = [t for t in settings.teams if t.site == name and (not only or t.key in only)]
        if teams:
            wanted = Wanted(kind, accept_vanished, hinted.get(name, Hinted()))
            run = _SiteRun(context, name, teams, clock, pseudonym)
            runs.append(partial(run.locked, partial(connecting, name, site, context), wanted))
    shown = progress or Silent()
    if len(runs) < 2 or is_in_memory(engine):
        return [run(shown) for run in runs]
    parts = Together(shown)
    with ThreadPoolExecutor(len(runs), thread_name_prefix="site") as threads:
        pulls = [threads.submit(run, parts.part()) for run in runs]
    return [pull.result() for pull in pulls]


@contextmanager
def clear_store_errors() -> Iterator[None]:
    """Turn what the database says into one sentence: StoreError."""
    try:
        yield
    except DBAPIError as error:
        raise _store_error(error) from error


def _store_error(error: DBAPIError) -> StoreError:
    return StoreError(
        f"the store failed during the pull: {reason_of(error)}; what was read before is kept, and "
        "the next pull goes on from there"
    )


class _SiteRun:
    """One recorded pull of one site."""

    def __init__(
        self,
        context: Context,
        name: str,
        teams: Sequence[TeamSettings],
        clock: Callable[[], datetime],
        pseudonym: Callable[[str], str],
    ) -> None:
        self._ending = context.ending
        self._settings = context.settings
        self._engine = context.engine
        self._name = name
        self._teams = teams
        self._clock = clock
        self._pseudonym = pseudonym
        self._shown: Shown = Silent()

    def locked(self, connecting: Callable[[], Jira], wanted: Wanted, shown: Shown) -> Outcome:
        """Pull while no other bot does."""
        self._ending.check()
        self._shown = shown
        try:
            with clear_store_errors(), pull_lock(self._engine, self._name), rare_collections():
                return self.run(connecting, wanted)
        except SiteBusy:
            return Outcome(self._name, wanted.kind, 0.0, 0, 0, 0, 0, is_busy=True)

    def run(self, connecting: Callable[[], Jira], wanted: Wanted) -> Outcome:
        """Pull and record; a failure of the whole site fails each of its teams."""
        began_at = self._clock()
        with writing(self._engine) as connection:
            usual = usual_length(connection, self._name)
            pull_id = begin_pull(connection, site=self._name, kind=wanted.kind, at=began_at)
        with self._ending.at_last(partial(self._end, pull_id, Result(wanted.kind), 0, STOPPED)):
            return self._run(connecting, wanted, began_at, pull_id, usual)

    def _run(
        self,
        connecting: Callable[[], Jira],
        wanted: Wanted,
        began_at: datetime,
        pull_id: int,
        usual: timedelta | None,
    ) -> Outcome:
        requests = 0
        failure: TelemetryError | None = None
        result = Result(wanted.kind)
        try:
            with connecting() as jira, recalling(self._engine, jira):
                jira.standstill.most = longest(usual)
                try:
                    result = self._pull(jira, pull_id, wanted).run(wanted)
                finally:
                    requests = jira.requests
        except TelemetryError as error:
            result.failures = self._fail_all(str(error))
            failure = error
        except (OperationalError, InterfaceError) as error:
            raise _store_error(error) from error
        except Exception as error:
            failure = TelemetryError(f"site '{self._name}': {unforeseen(error)}")
            result.failures = self._fail_all(str(failure))
        except BaseException:
            self._end(pull_id, result, requests, STOPPED)
            raise
        self._end(pull_id, result, requests)
        return Outcome(
            site=self._name,
            kind=result.kind,
            seconds=(self._clock() - began_at).total_seconds(),
            issues_changed=result.issues_changed,
            work_logs_changed=result.work_logs_changed,
            facts_changed=result.facts_changed,
            requests=requests,
            failures=dict(result.failures),
            misfits=result.misfit_lines(),
            told=result.told(),
            refused=list(result.refused),
            is_failed=failure is not None,
            found=result.found,
            retry_after_seconds=(
                failure.retry_after_seconds if isinstance(failure, TrackerUnavailable) else None
            ),
        )

    def _pull(self, jira: Jira, pull_id: int, wanted: Wanted) -> SitePull:
        def note(read: int, total: int | None) -> None:
            with writing(self._engine) as connection:
                note_progress(connection, pull_id, read, total)

        neighbours = [team for team in self._settings.teams if team.site == self._name]
        configured = [team.project for team in neighbours]
        is_anew = wanted.kind is not Kind.INCREMENTAL
        found = present_keys(jira, self._engine, configured, is_anew=is_anew)
        return SitePull(
            jira,
            self._engine,
            [with_key(team, found.keys) for team in self._teams],
            [with_key(team, found.keys) for team in neighbours],
            self._pseudonym,
            self._clock,
            Noted(self._shown, note),
            self._settings.bot.requests_at_once,
            passing=found.passing,
        )

    def _end(
        self,
        pull_id: int,
        result: Result,
        requests: int,
        stopped: str = "",
    ) -> None:
        told = [*([stopped] if stopped else ()), *by_kind(result.told())]
        with writing(self._engine) as connection:
            end_pull(
                connection,
                pull_id,
                at=self._clock(),
                kind=result.kind,
                state="failed" if stopped or result.failures else "done",
                issues_changed=result.issues_changed,
                work_logs_changed=result.work_logs_changed,
                requests=requests,
                error="\n".join(told) or None,
                found=result.found,
            )

    def _fail_all(self, sentence: str) -> dict[str, str]:
        with writing(self._engine) as connection:
            for team in self._teams:
                write_failure(connection, team, self._clock(), sentence)
        return {team.key: sentence for team in self._teams}


def _check_known(settings: Settings, only: frozenset[str]) -> None:
    unknown = sorted(only - {team.key for team in settings.teams})
    if unknown:
        known = ", ".join(team.key for team in settings.teams)
        raise ConfigurationError(f"there is no team '{unknown[0]}'; teams: {known}")
