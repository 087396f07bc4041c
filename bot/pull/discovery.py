"""What fields, boards and statuses mean for the teams of one pull, asked of Jira where needed."""

from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import Engine

from bot.jira.client import Jira
from bot.pull.roster import Roster
from bot.pull.state import (
    Known,
    Turn,
    write_turn,
)
from bot.pull.team_rules import (
    find_boards,
    find_flag,
    find_roles,
    team_rules,
    with_known,
)
from bot.translate import translate_board, translate_statuses
from bot.translate.fields import (
    FieldRoles,
    field_id,
    known_fields,
    named,
    with_former_names,
)
from telemetry.domain.models import Board
from telemetry.errors import TrackerError
from telemetry.settings import TeamSettings
from telemetry.store.engine import reading, writing
from telemetry.store.facts import note_recompute
from telemetry.store.named import mark_statuses
from telemetry.store.teams import read_teams, write_team
from telemetry.store.tracker import (
    Site,
    read_site,
    read_statuses,
    write_boards,
    write_site,
    write_statuses,
)


class Discovery:
    """The boards of each team and the site's fields, as known from earlier pulls or found anew.

    `reread` are the teams of which every issue must be read; it grows where fields are needed
    that they were not read with. `recompute` are those whose rules changed.
    """

    def __init__(
        self, jira: Jira, engine: Engine, roster: Roster, known: Known, pool: ThreadPoolExecutor
    ) -> None:
        self._jira = jira
        self._engine = engine
        self._roster = roster
        self._known = known
        self._pool = pool
        self._turn: Turn | None = None
        self._statuses: Future[Any] | None = None
        self._configurations: dict[int, Future[Any]] = {}
        self.boards: dict[str, tuple[Board, ...]] = dict(known.boards)
        self.roles: FieldRoles | None = known.roles
        self._flag: str | None = None
        self.recompute: set[str] = set(known.recompute)
        self.reread: set[str] = {team.key for team in roster if team.key not in known.progressed}

    def ask_turn(self, turn: Turn) -> None:
        """Ask in passing for the site's statuses, and some boards for their configuration."""
        self._turn = turn
        self._statuses = self._pool.submit(self._jira.statuses)
        for board_id in turn.board_ids:
            answer = self._pool.submit(self._jira.board_configuration, board_id)
            self._configurations[board_id] = answer

    def take_turn(self) -> None:
        """Note what was asked in passing; a board that refuses is asked again at each pull."""
        if self._turn is None:
            return
        self.read_statuses()
        refused = []
        for board_id in self._turn.board_ids:
            teams = [
                team
                for team in self._roster
                if any(board.id == board_id for board in self.boards.get(team.key, ()))
            ]
            step = partial(self._take_configuration, board_id)
            if teams and not self._roster.attempt(teams, step, is_of_boards=True):
                refused.append(board_id)
        with writing(self._engine) as connection:
            write_turn(connection, self._jira.site, self._turn, refused)

    def _take_configuration(self, board_id: int) -> None:
        self._reconfigure(board_id, self._configurations[board_id].result())

    def discover(self, anew: Collection[str]) -> None:
        """Find out about the teams in `anew`, and all fields and statuses, if there are any."""
        if anew or self.roles is None:
            self._discover(anew)
        if self.roles is not None:
            needed = fields_of(self.roles)
            for team in self._roster:
                read = self._known.progressed.get(team.key)
                if read is None or not needed <= read.fields:
                    self.reread.add(team.key)

    def _discover(self, anew: Collection[str]) -> None:
        finds = {
            team.key: self._pool.submit(find_boards, self._jira, team)
            for team in self._roster
            if team.key in anew
        }
        fields = with_former_names(known_fields(self._jira.fields()), self._known.roles)
        self._flag = find_flag(self._jira, fields, self._roster)
        self.read_statuses()
        for team in self._roster:
            find = partial(self._find, team, fields, finds.get(team.key))
            self._roster.attempt([team], find, is_of_boards=True)
        if self._roster:
            self._settle_roles(fields, anew)

    def read_statuses(self) -> None:
        """Read and write the site's statuses; where Jira refuses them, the known ones stay."""
        asked, self._statuses = self._statuses, None
        try:
            raw_statuses = asked.result() if asked else self._jira.statuses()
        except TrackerError as error:
            if error.is_of_site or not self._known.statuses:
                raise
        else:
            self._write_statuses(raw_statuses)

    def write_rules(self, roles: FieldRoles) -> None:
        """Write the teams' rules; teams whose rules changed are computed anew."""
        with writing(self._engine) as connection:
            statuses = read_statuses(connection, self._jira.site)
            for team in self._roster:
                nature = _nature_field(team, roles)
                rules = team_rules(team, self.boards[team.key], roles, nature, statuses)
                if write_team(connection, rules):
                    note_recompute(connection, team.site, team.key, True)
                    self.recompute.add(team.key)

    def _reconfigure(self, board_id: int, configuration: dict[str, Any]) -> None:
        """Take over a board's configuration; fields never read mean that all is read again."""
        for key, boards in self.boards.items():
            if any(board.id == board_id for board in boards):
                fresh = tuple(self._board(b, configuration, board_id) for b in boards)
                needed = {b.estimate_field_id for b in fresh if b.estimate_field_id}
                self.boards[key] = fresh
                if self.roles is not None and not needed <= set(self.roles.estimates):
                    self.reread.add(key)

    def _board(self, board: Board, configuration: dict[str, Any], board_id: int) -> Board:
        if board.id != board_id:
            return board
        raw = {"id": board.id, "name": configuration.get("name") or board.name}
        fresh = translate_board(self._jira.site, raw, configuration, board.has_sprints)
        return replace(fresh, name=board.name)

    def _find(
        self,
        team: TeamSettings,
        fields: list[dict[str, Any]],
        found: Future[tuple[Board, ...]] | None,
    ) -> None:
        if found is not None:
            self.boards[team.key] = found.result()
        find_roles(fields, [team], self.boards[team.key], self._jira.url)

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

    def _write_statuses(self, raw_statuses: list[dict[str, Any]]) -> None:
        listed = translate_statuses(self._jira.site, raw_statuses)
        with writing(self._engine) as connection:
            known = read_statuses(connection, self._jira.site)
            ids = {status.id for status in listed}
            dropped = [
                replace(status, is_listed=False)
                for status in known.values()
                if listed and status.is_listed and status.id not in ids
            ]
            write_statuses(connection, [*listed, *dropped])
            now = read_statuses(connection, self._jira.site)
            mark_statuses(connection, self._jira.site, known, now)


def fields_of(roles: FieldRoles) -> frozenset[str]:
    """The ids of the fields that issues are read with, beside those that all have."""
    own = (roles.sprint, roles.epic_link, roles.flagged, roles.epic_label)
    return frozenset(one for one in (*roles.estimates, *roles.natures, *own) if one)


def _nature_field(team: TeamSettings, roles: FieldRoles) -> str | None:
    """The id of the team's nature field."""
    wanted = team.impediment.nature_field
    if wanted is None:
        return None
    return field_id(named(roles.natures, roles), wanted, "nature", "this Jira")
