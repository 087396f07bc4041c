"""Looks at each pull at what of the teams' settings meets nothing on Jira, and writes it down."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Engine

from bot.jira.client import Jira
from bot.pull import misfits
from bot.pull.asked import A_YEAR, labels_nowhere
from bot.pull.asked import asked as asked_of
from bot.pull.roster import Roster
from bot.pull.state import digest_of, mark_of
from bot.translate.fields import FieldRoles
from telemetry.domain.misfit import Misfit, Source
from telemetry.domain.models import Board, Status
from telemetry.errors import TrackerError
from telemetry.settings import TeamSettings
from telemetry.store.engine import reading
from telemetry.store.issues import has_matches, labels_among, labels_since
from telemetry.store.misfits import read_misfits, write_misfits
from telemetry.store.recategorized import Recategorized, read_recategorized, used_among
from telemetry.store.relevelled import Relevelled, read_relevelled, types_among
from telemetry.store.teams import read_team
from telemetry.store.tracker import read_statuses

Asked = Future[list[Misfit]]


@dataclass(frozen=True, slots=True)
class Met:
    """What a pull found out about the site before it reads issues.

    `origins` are the boards on which the sprints were made that a board lists, where all are read.
    """

    boards: Mapping[str, Sequence[Board]]
    roles: FieldRoles
    statuses: Mapping[str, Status]
    origins: Mapping[int, frozenset[int]]


class Fitting:
    """The teams' settings against their Jira. `neighbours` are all teams of the site.

    Jira is asked again where a team's settings changed, and with `is_whole` for all.
    """

    def __init__(
        self,
        jira: Jira,
        engine: Engine,
        roster: Roster,
        neighbours: Sequence[TeamSettings],
        at: datetime,
        *,
        is_whole: bool,
    ) -> None:
        self._jira = jira
        self._engine = engine
        self._roster = roster
        self._neighbours = neighbours
        self._at = at
        self._is_whole = is_whole
        self._asked: dict[str, Asked] = {}
        self._nowhere: dict[str, Future[frozenset[str]]] = {}
        self._found: dict[str, tuple[str, list[Misfit]]] = {}

    def look(self, met: Met, pool: ThreadPoolExecutor) -> None:
        """Find what does not fit; a team of which no figure can be right fails."""
        with reading(self._engine) as connection:
            known = {team.key: read_misfits(connection, team.key) for team in self._roster}
            records = [read_team(connection, team.key) for team in self._roster]
        failing = {one.rules.key for one in records if one is not None and one.error is not None}
        asked = self._asked
        for team in self._roster:
            is_new = known[team.key][0] != _mark(team)
            if self._is_whole or is_new or team.key in failing:
                boards = met.boards[team.key]
                ask = partial(asked_of, self._jira, team, boards, met.roles)
                asked[team.key] = pool.submit(ask)
                self._nowhere[team.key] = pool.submit(labels_nowhere, self._jira, team)
        for team in self._roster:
            step = partial(self._look, team, met, known[team.key][1], asked.get(team.key))
            self._roster.attempt([team], step)

    def _look(
        self,
        team: TeamSettings,
        met: Met,
        before: Sequence[Misfit],
        asked: Asked | None,
    ) -> None:
        boards = met.boards[team.key]
        found = misfits.of_rules(team, boards, met.statuses, self._jira.url)
        found += misfits.of_others(team, self._neighbours, met.boards)
        looked_at = {Source.RULES}
        if asked is not None:
            found = misfits.beside(found, asked.result())
            looked_at.add(Source.ASKED)
        if all(board.id in met.origins for board in boards if board.has_sprints):
            found += misfits.of_sprints(self._jira, team, boards, met.origins)
            looked_at.add(Source.SPRINTS)
        found += [one for one in before if one.source not in looked_at]
        self._found[team.key] = (_mark(team), found)

    def write(self, connection: Connection) -> None:
        """Write what was found of the teams that go on, and whose JQL matches nothing."""
        for team in self._roster:
            mark, found = self._found[team.key]
            found += misfits.of_categories(team, *changed_categories(connection, team))
            found += misfits.of_levels(team, changed_levels(connection, team))
            found = self._with_labels(connection, team, found)
            if team.jql is not None and not has_matches(connection, team.key, team.site):
                found.append(misfits.unmatched(team))
            self._found[team.key] = (mark, found)
            write_misfits(connection, team.key, mark, found)

    def _with_labels(
        self, connection: Connection, team: TeamSettings, found: list[Misfit]
    ) -> list[Misfit]:
        """With what is to say of the team's labels, if that was asked or an issue may end it."""
        hidden = any(one.hides_impediments for one in found)
        if team.key not in self._asked and not hidden:
            return found
        asked = self._nowhere.get(team.key)
        nowhere = set(team.impediment.labels) if asked is None else _answered(asked)
        known = labels_since(connection, team.site, team.project, self._at - A_YEAR)
        if nowhere:
            nowhere = nowhere - labels_among(connection, team.site, nowhere)
        others = [one for one in found if misfits.LABELS not in one.place]
        return others + misfits.of_labels(team, known, nowhere)

    def told(self) -> dict[str, list[Misfit]]:
        """What is wrong with the settings of the teams that go on, by team."""
        going = {team.key for team in self._roster}
        return {
            key: [one for one in found if one.is_wrong]
            for key, (_, found) in self._found.items()
            if key in going
        }


def changed_levels(connection: Connection, team: TeamSettings) -> list[Relevelled]:
    """The types of the team's issues that stand at another level than before."""
    told = read_relevelled(connection, team.site)
    names = {one.type_name for one in told}
    used = types_among(connection, team.site, team.project, names) if told else set()
    return [one for one in told if one.type_name in used]


def _answered(asked: Future[frozenset[str]]) -> set[str]:
    """What Jira told, or nothing where it refused."""
    try:
        return set(asked.result())
    except TrackerError:
        return set()


def changed_categories(
    connection: Connection, team: TeamSettings
) -> tuple[Sequence[Recategorized], Mapping[str, Status]]:
    """The statuses that the team's issues have or had whose category changed, and all statuses."""
    told = read_recategorized(connection, team.site) if not team.done_statuses else []
    if not told:
        return (), {}
    ids = [one.status_id for one in told]
    used = used_among(connection, team.site, team.project, ids)
    statuses = read_statuses(connection, team.site)
    return [one for one in told if one.status_id in used], statuses


def _mark(team: TeamSettings) -> str:
    """Another one for settings of which Jira has to be asked anew."""
    labels, statuses = team.impediment.labels, team.done_statuses
    return digest_of(mark_of(team), labels, statuses, team.done, team.impediment.flagged)
