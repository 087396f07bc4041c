"""What fields, boards and statuses mean for the teams of one pull, asked of Jira where needed."""

from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Engine

from bot.jira.client import Jira
from bot.pull.agreed import Agreed
from bot.pull.asked import check_matches
from bot.pull.breaches import no_sprint_field
from bot.pull.crawl import Read
from bot.pull.estimates import check_board_estimate, check_numbers, check_silent_board
from bot.pull.holding import Holding
from bot.pull.lists import SiteLists
from bot.pull.misfits import check_flag
from bot.pull.roster import Roster
from bot.pull.state import Known, Turn, write_refused, write_turn
from bot.pull.team_boards import find_boards, reconfigured
from bot.pull.team_fields import (
    fields_of,
    find_flag,
    find_roles,
    nature_field,
    needs_fields,
    with_known,
)
from bot.pull.team_rules import team_rules
from bot.translate.fields import FieldRoles
from telemetry.domain.models import Board, Status
from telemetry.domain.team import TeamRules
from telemetry.errors import ConfigurationError, MeaningChanged, NoBoard, NotInTracker, TrackerError
from telemetry.settings import TeamSettings
from telemetry.store.engine import reading, writing
from telemetry.store.facts import note_recompute
from telemetry.store.teams import read_teams, write_team
from telemetry.store.tracker import Site, read_site, read_statuses, write_boards, write_site


class Discovery:
    """The boards of each team and the site's fields, as known from earlier pulls or found anew.

    `reread` are the teams of which every issue must be read; it grows where fields are needed
    that they were not read with. `recompute` are those whose rules changed. What figures mean is
    held (`holding`) to what was agreed on, unless a person `accepts` that it changed.
    """

    def __init__(
        self,
        jira: Jira,
        engine: Engine,
        roster: Roster,
        known: Known,
        pool: ThreadPoolExecutor,
        at: datetime,
        *,
        accepts: bool = False,
    ) -> None:
        self._jira = jira
        self._engine = engine
        self._roster = roster
        self._known = known
        self._pool = pool
        self._accepts = accepts
        self.holding = Holding(jira, engine, known.agreed, accepts=accepts)
        self._turn: Turn | None = None
        has_statuses = bool(known.statuses)
        self.lists = SiteLists(jira, engine, pool, at, known.roles, has_statuses=has_statuses)
        self._refused: set[int] = set()
        self._rules: dict[str, TeamRules] = {}
        self._configurations: dict[int, Future[Any]] = {}
        self.boards: dict[str, tuple[Board, ...]] = dict(known.boards)
        self.roles: FieldRoles | None = known.roles
        self._flag: str | None = None
        self.recompute: set[str] = set(known.recompute)
        self.reread: set[str] = {team.key for team in roster if team.key not in known.progressed}

    def ask_turn(self, turn: Turn, *, with_fields: bool) -> None:
        """Ask in passing for the site's statuses, and some boards for their configuration."""
        self._turn = turn
        self.lists.ask(with_fields=with_fields)
        for board_id in turn.board_ids:
            answer = self._pool.submit(self._jira.board_configuration, board_id)
            self._configurations[board_id] = answer

    def take_turn(self) -> None:
        """Note what was asked in passing; a board that refuses is asked again at each pull."""
        if self._turn is None:
            return
        self.lists.take()
        for board_id in self._turn.board_ids:
            for team in self._roster:
                if any(board.id == board_id for board in self.boards.get(team.key, ())):
                    step = partial(self._take_configuration, team, board_id)
                    if not self._roster.attempt([team], step):
                        self._refused.add(board_id)
        with writing(self._engine) as connection:
            write_turn(connection, self._jira.site, self._turn)

    def _take_configuration(self, team: TeamSettings, board_id: int) -> None:
        try:
            self._reconfigure(board_id, self._configurations[board_id].result())
        except NotInTracker as error:
            raise self.holding.told_gone(team, NoBoard(str(error), board_id)) from error

    def discover(self, anew: Collection[str]) -> None:
        """Find out about the teams in `anew`, and all fields and statuses, if there are any.

        Of all teams is held what their figures mean to what was agreed on.
        """
        every = {board.id for team in self._roster for board in self.boards.get(team.key, ())}
        anew = {*anew, *self._without_flag(), *self._of_renamed(self.lists.fields.listed or ())}
        if anew or self.roles is None:
            self._discover(anew)
        else:
            self._hold_all()
        with writing(self._engine) as connection:
            write_refused(connection, self._jira.site, every | self._refused, self._refused)
        self.lists.note()
        if self.roles is not None:
            needed = fields_of(self.roles)
            for team in self._roster:
                read = self._known.progressed.get(team.key)
                if read is None or not needed <= read.fields:
                    self.reread.add(team.key)

    def _without_flag(self) -> set[str]:
        """The teams that want flags to count, which no field that is known tells."""
        if self.roles is not None and self.roles.flagged is not None:
            return set()
        return {team.key for team in self._roster if team.impediment.flagged}

    def _of_renamed(self, fields: Iterable[dict[str, Any]]) -> set[str]:
        """All teams where a field is called otherwise than when it was found.

        Only Data Center tells changes by names: those read since may have passed for another's.
        """
        known = self.roles.names if self.roles is not None else {}
        if self._jira.deployment == "datacenter" and any(
            known.get(raw["id"], raw.get("name")) != raw.get("name") for raw in fields
        ):
            return {team.key for team in self._roster}
        return set()

    def _discover(self, anew: Collection[str]) -> None:
        finds = {
            team.key: self._pool.submit(find_boards, self._jira, team, self.holding.boards(team))
            for team in self._roster
            if team.key in anew
        }
        every = list(self._roster)
        fields, refused = self.lists.fields_or_why()
        self.reread |= self._of_renamed(fields)
        self._flag = find_flag(self._jira, fields, self._roster)
        projects = sorted({team.project for team in every})
        if not self._roster.attempt(every, partial(self.lists.statuses.read, projects)):
            return
        for team in self._roster:
            find = partial(self._find, team, fields, finds.get(team.key), refused)
            self._roster.attempt([team], find)
        if self._roster and (refused is None or self.roles is None):
            self._settle_roles(fields, anew)

    def look_again(self, read: Read) -> None:
        """Hold all teams to the site's fields, where issues lack what they had in one.

        A team fails, too, of which all issues were read and none told its sprints.
        """
        if read.has_hidden_fields:
            self.lists.read_fields()
            self.lists.note()
            self._hold_all()
        hidden = read.hiding - read.showing
        for team in self._roster:
            if team.key in self.reread and team.project in hidden and self._has_sprints(team):
                self._roster.fail(team, no_sprint_field(team, self._jira.url))

    def _has_sprints(self, team: TeamSettings) -> bool:
        return any(board.has_sprints for board in self.boards[team.key])

    def _hold_all(self) -> None:
        for team in self._roster:
            self._roster.attempt([team], partial(self.hold, team))

    def hold(self, team: TeamSettings) -> None:
        """Raise MeaningChanged where Jira offers no more what the team's figures were agreed on.

        Its boards are asked again at the next pull.
        """
        boards = self.boards[team.key]
        try:
            self.holding.check(team, boards, self.lists.fields.listed, self.roles)
        except MeaningChanged:
            self._refused |= {board.id for board in boards if board.is_listed}
            raise

    def agreement(self, team: TeamSettings, roles: FieldRoles) -> Agreed:
        """What the team's figures mean from this pull on."""
        rules, boards = self._rules[team.key], self.boards[team.key]
        return self.holding.made(team, rules, boards, self.lists.fields.listed, roles)

    def write_rules(self, roles: FieldRoles) -> None:
        """Write the teams' rules; teams whose rules changed are computed anew."""
        with reading(self._engine) as connection:
            statuses = read_statuses(connection, self._jira.site)
        for team in self._roster:
            self._roster.attempt([team], partial(self._make_rules, team, roles, statuses))
        with writing(self._engine) as connection:
            for team in self._roster:
                if write_team(connection, self._rules[team.key]):
                    note_recompute(connection, team.site, team.key, True)
                    self.recompute.add(team.key)

    def _make_rules(
        self, team: TeamSettings, roles: FieldRoles, statuses: Mapping[str, Status]
    ) -> None:
        nature, boards = nature_field(team, roles), self.boards[team.key]
        kept = self.holding.estimate(team, boards)
        self._rules[team.key] = team_rules(team, boards, roles, nature, statuses, kept)

    def _reconfigure(self, board_id: int, configuration: dict[str, Any]) -> None:
        """Take over a board's configuration; fields never read mean that all is read again."""
        for key, boards in self.boards.items():
            if any(board.id == board_id for board in boards):
                fresh = tuple(
                    reconfigured(b, configuration) if b.id == board_id else b for b in boards
                )
                needed = {b.estimate_field_id for b in fresh if b.estimate_field_id}
                self.boards[key] = fresh
                if self.roles is not None and not needed <= set(self.roles.estimates):
                    self.reread.add(key)

    def _find(
        self,
        team: TeamSettings,
        fields: list[dict[str, Any]],
        found: Future[tuple[Board, ...]] | None,
        refused: TrackerError | None,
    ) -> None:
        if found is not None:
            self.boards[team.key] = self._found(team, found)
        self.hold(team)
        if refused is not None and needs_fields(team, self.boards[team.key]):
            if team.key in self._known.progressed and self.roles is not None:
                return  # what it needs was found before
            raise refused
        try:
            self._check_fields(team, fields)
        except ConfigurationError as error:
            if self.lists.fields.refusal is None:
                raise
            why = self.lists.fields.why
            sentence = f"{error}; its list of fields is the one of last time: {why}"
            raise ConfigurationError(sentence).about(error.setting) from error
        if team.key in self.reread and not self._accepts:
            check_matches(self._jira, team)

    def _check_fields(self, team: TeamSettings, fields: list[dict[str, Any]]) -> None:
        """Raise ConfigurationError where the fields that the team needs do not fit."""
        roles = find_roles(fields, [team], self.boards[team.key], self._jira.url)
        check_flag(team, fields, self._flag, self._jira.url)
        agreed = self._known.agreed.get(team.key)
        if agreed is None or not agreed.holds(team, "estimate"):
            check_board_estimate(team, self.boards[team.key], fields, self._jira.url)
            check_silent_board(self._jira, team, self.boards[team.key], roles)
        check_numbers(self._jira, team, self.boards[team.key], fields)

    def _found(self, team: TeamSettings, asked: Future[tuple[Board, ...]]) -> tuple[Board, ...]:
        """The team's boards; one that is gone keeps its name."""
        try:
            return self.holding.named(team, asked.result())
        except NoBoard as error:
            raise self.holding.told_gone(team, error) from error

    def _settle_roles(self, fields: list[dict[str, Any]], anew: Collection[str]) -> None:
        boards = [board for team in self._roster for board in self.boards[team.key]]
        roles = find_roles(fields, self._roster, boards, self._jira.url, self._flag)
        found = {team.key for team in self._roster} & set(anew)
        if self._known.roles is not None and not self._others() <= found:
            roles = with_known(roles, self._known.roles)  # for those not asked, or failing now
        self.roles = roles
        url = self._jira.page_url()
        site = Site(self._jira.site, url, self._jira.deployment, roles.to_json())
        with writing(self._engine) as connection:
            write_site(connection, site)
            write_boards(connection, boards)

    def take_address(self) -> None:
        """Note where people find the issues now."""
        with reading(self._engine) as connection:
            known = read_site(connection, self._jira.site)
        if known is not None and known.url != (url := self._jira.page_url()):
            with writing(self._engine) as connection:
                write_site(connection, replace(known, url=url))

    def _others(self) -> set[str]:
        """The site's configured teams as far as the store knows them."""
        with reading(self._engine) as connection:
            teams = read_teams(connection)
        return {team.rules.key for team in teams if team.rules.site == self._jira.site}
