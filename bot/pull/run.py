"""Pulls every site of a configuration, one after the other, and records how it went."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from bot.jira.client import Auth, Jira, connect
from bot.pull.progress import Shown, Silent
from bot.pull.roster import write_failure
from bot.pull.site import Result, SitePull
from telemetry.context import Context
from telemetry.errors import ConfigurationError, StoreError, TelemetryError
from telemetry.settings import JiraSettings, Settings, TeamSettings
from telemetry.store.engine import writing
from telemetry.store.privacy import Pseudonyms, privacy_key
from telemetry.store.pulls import begin_pull, end_pull, pull_lock
from telemetry.store.teams import keep_teams


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a pull of one site came to; `failures` maps a team's key to its sentence."""

    site: str
    kind: str
    seconds: float
    issues_changed: int
    work_logs_changed: int
    facts_changed: int
    requests: int
    failures: dict[str, str] = field(default_factory=dict)
    is_failed: bool = False  # the site as a whole, not only some of its teams

    def sentence(self) -> str:
        """The outcome for a person."""
        if self.is_failed:
            return f"{self.site}: the pull failed after {self.requests} requests."
        return (
            f"{self.site}: {self.kind} pull in {self.seconds:.1f} s: "
            f"{self.issues_changed} issues and {self.work_logs_changed} work logs changed, "
            f"{self.requests} requests."
        )


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
    )


def pull_sites(
    context: Context,
    *,
    only: frozenset[str] = frozenset(),
    full: bool = False,
    accept_vanished: bool = False,
    progress: Shown | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> list[Outcome]:
    """Pull the teams in `only`, by default all, site by site.

    A site that fails does not stop the others: its teams are in the outcome's failures.
    Raises ConfigurationError for an unknown team, StoreError where the store fails.
    """
    settings, engine = context.settings, context.engine
    _check_known(settings, only)
    pseudonym = Pseudonyms(privacy_key(settings, context.environ))
    with writing(engine) as connection:
        keep_teams(connection, [team.key for team in settings.teams])
    outcomes = []
    for name, site in settings.jira.items():
        teams = [t for t in settings.teams if t.site == name and (not only or t.key in only)]
        if teams:
            site_run = _SiteRun(engine, name, teams, clock)
            with pull_lock(engine, name), rare_collections():
                outcomes.append(
                    site_run.run(
                        lambda name=name, site=site: connect_site(name, site, context),  # type: ignore[misc]
                        pseudonym,
                        progress or Silent(),
                        full=full,
                        accept_vanished=accept_vanished,
                    )
                )
    return outcomes


@contextmanager
def rare_collections() -> Iterator[None]:
    """Let the garbage collector look rarely: a pull makes millions of values and no cycles."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 1_000)
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _SiteRun:
    """One recorded pull of one site."""

    def __init__(
        self,
        engine: Engine,
        name: str,
        teams: Sequence[TeamSettings],
        clock: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._name = name
        self._teams = teams
        self._clock = clock

    def run(
        self,
        connecting: Callable[[], Jira],
        pseudonym: Callable[[str], str],
        shown: Shown,
        *,
        full: bool,
        accept_vanished: bool,
    ) -> Outcome:
        """Pull and record; a failure of the whole site fails each of its teams."""
        began_at = self._clock()
        kind = "full" if full else "incremental"
        with writing(self._engine) as connection:
            pull_id = begin_pull(connection, site=self._name, kind=kind, at=began_at)
        requests = 0
        is_failed = False
        result = Result(kind)
        try:
            with connecting() as jira:
                try:
                    pull = SitePull(jira, self._engine, self._teams, pseudonym, self._clock, shown)
                    result = pull.run(full=full, accept_vanished=accept_vanished)
                finally:
                    requests = jira.requests
        except TelemetryError as error:
            result.failures = self._fail_all(str(error))
            is_failed = True
        except DBAPIError as error:
            raise StoreError(f"the store failed during the pull: {error.orig}") from error
        except BaseException:
            self._end(pull_id, result, requests, "The pull was stopped before it ended.")
            raise
        self._end(pull_id, result, requests, "\n".join(result.failures.values()) or None)
        return Outcome(
            site=self._name,
            kind=result.kind,
            seconds=(self._clock() - began_at).total_seconds(),
            issues_changed=result.issues_changed,
            work_logs_changed=result.work_logs_changed,
            facts_changed=result.facts_changed,
            requests=requests,
            failures=dict(result.failures),
            is_failed=is_failed,
        )

    def _end(self, pull_id: int, result: Result, requests: int, error: str | None) -> None:
        with writing(self._engine) as connection:
            end_pull(
                connection,
                pull_id,
                at=self._clock(),
                kind=result.kind,
                state="failed" if error else "done",
                issues_changed=result.issues_changed,
                work_logs_changed=result.work_logs_changed,
                requests=requests,
                error=error,
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
