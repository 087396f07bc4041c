"""Follows hints: which teams a webhook concerns, and where a pull of them looks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.pull.order import Hinted
from telemetry.settings import Settings
from telemetry.store.hints import Hint, read_places, read_sprint_boards
from telemetry.store.teams import read_teams

EVERY = timedelta(seconds=5)  # between two pulls of one site that follow hints
EVERY_WIDE = timedelta(minutes=1)  # the same where a hint does not tell the team


@dataclass(frozen=True, slots=True)
class Order:
    """What a pull is to do: which teams, whether it compares everything, where it looks too."""

    only: frozenset[str]
    reconcile: bool = False
    hints: tuple[Hint, ...] = ()

    def by_site(self, settings: Settings) -> Iterator["Order"]:
        """The same, an order a site of which there are hints."""
        for site, hints in by_site(self.hints).items():
            only = self.only & {team.key for team in settings.teams if team.site == site}
            yield Order(only, self.reconcile, tuple(hints))

    @property
    def hinted(self) -> dict[str, Hinted]:
        """What the hints name, by site."""
        return {site: _hinted(hints) for site, hints in by_site(self.hints).items()}


def by_site(hints: Iterable[Hint]) -> dict[str, list[Hint]]:
    """The hints of each site."""
    found: dict[str, list[Hint]] = {}
    for hint in hints:
        found.setdefault(hint.site, []).append(hint)
    return found


def _hinted(hints: Sequence[Hint]) -> Hinted:
    return Hinted(
        frozenset(hint.issue_id for hint in hints if hint.issue_id is not None),
        frozenset(hint.sprint_id for hint in hints if hint.sprint_id is not None),
    )


@dataclass(slots=True)
class Pace:
    """When each site's hints were followed last: many hints at once become one pull.

    A hint that does not tell the team makes all teams of its site be pulled, and may well be of
    a project that is nobody's: such hints wait longer for each other.
    """

    followed: dict[str, datetime] = field(default_factory=dict)
    followed_wide: dict[str, datetime] = field(default_factory=dict)

    def order(
        self,
        hints: Sequence[Hint],
        teams: Mapping[Hint, frozenset[str] | None],
        settings: Settings,
        now: datetime,
    ) -> Order:
        """The pull that is due for these hints; one without hints where none is."""
        due: list[Hint] = []
        only: set[str] = set()
        for site, some in by_site(hints).items():
            if not _is_past(self.followed.get(site), EVERY, now):
                continue
            is_wide_due = _is_past(self.followed_wide.get(site), EVERY_WIDE, now)
            for hint in some:
                concerned = teams[hint]
                if concerned is not None:
                    only |= concerned
                elif is_wide_due:
                    only |= {team.key for team in settings.teams if team.site == site}
                    self.followed_wide[site] = now
                else:
                    continue
                due.append(hint)
                self.followed[site] = now
        return Order(frozenset(only), hints=tuple(due))


def _is_past(last: datetime | None, pause: timedelta, now: datetime) -> bool:
    return last is None or now - last >= pause or now < last


def concerned_teams(
    connection: Connection, settings: Settings, hints: Sequence[Hint]
) -> dict[Hint, frozenset[str] | None]:
    """The configured teams that each hint concerns; None where the store cannot tell."""
    found: dict[Hint, frozenset[str] | None] = {}
    for site, some in by_site(hints).items():
        issue_ids = [hint.issue_id for hint in some if hint.issue_id is not None]
        sprint_ids = [hint.sprint_id for hint in some if hint.sprint_id is not None]
        places = read_places(connection, site, issue_ids)
        boards = read_sprint_boards(connection, site, sprint_ids)
        teams = _Teams(connection, settings, site)
        for hint in some:
            place = None if hint.issue_id is None else places.get(hint.issue_id)
            projects = {hint.project_key, place.project_key if place else None} - {None}
            board_ids = {hint.board_id, boards.get(hint.sprint_id or 0)} - {None}
            if place is not None:
                board_ids |= place.board_ids
            found[hint] = teams.of(projects, board_ids) if projects or board_ids else None
    return found


class _Teams:
    """The configured teams of a site by project and by board."""

    def __init__(self, connection: Connection, settings: Settings, site: str) -> None:
        self._projects: dict[str | None, set[str]] = {}
        self._boards: dict[int | None, set[str]] = {}
        configured = {team.key for team in settings.teams if team.site == site}
        for team in settings.teams:
            if team.site == site:
                self._projects.setdefault(team.project, set()).add(team.key)
        for is_configured in (True, False):  # a team that comes back is not marked yet
            for record in read_teams(connection, is_configured=is_configured):
                rules = record.rules
                if rules.site == site and rules.key in configured:
                    self._projects.setdefault(rules.project_key, set()).add(rules.key)
                    for board_id in rules.board_ids:
                        self._boards.setdefault(board_id, set()).add(rules.key)

    def of(self, projects: Iterable[str | None], board_ids: Iterable[int | None]) -> frozenset[str]:
        found: set[str] = set()
        for project in projects:
            found |= self._projects.get(project, set())
        for board_id in board_ids:
            found |= self._boards.get(board_id, set())
        return frozenset(found)
