"""The teams of one site against what it has, for `telemetry check`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.check_lists import Known, read_lists
from bot.jira.client import Jira
from bot.jira.jql import quote
from bot.pull import misfits, queries
from bot.pull.asked import asked, labels_lately, labels_nowhere
from bot.pull.breaches import breach, no_sprint_field
from bot.pull.estimates import check_board_estimate, check_numbers, check_silent_board
from bot.pull.holding import told_gone
from bot.pull.misfits import placed
from bot.pull.probing import sample
from bot.pull.team_boards import find_boards
from bot.pull.team_fields import find_flag, find_roles
from bot.pull.team_rules import estimate_of
from bot.translate.field_choice import field_id
from bot.translate.fields import (
    FieldRoles,
)
from bot.translate.hidden import shows_sprints
from telemetry.domain.misfit import Misfit
from telemetry.domain.models import Board
from telemetry.domain.team import Estimate, EstimateKind
from telemetry.errors import MeaningChanged, NoBoard, TelemetryError, TrackerError
from telemetry.settings import TeamSettings
from telemetry.words.numbers import plural


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked; a bad one's sentence names the remedy."""

    subject: str
    is_good: bool
    sentence: str
    is_note: bool = False  # not wrong, but perhaps not meant
    kind: str = ""  # of a setting that does not fit: as on the data-quality page

    def line(self) -> str:
        """The finding for a person."""
        word = "note" if self.is_note else "ok  " if self.is_good else "FAIL"
        return f"{word}  {self.subject}: {self.sentence}"


class Teams:
    """The teams of a site against what it has."""

    def __init__(
        self,
        jira: Jira,
        teams: Sequence[TeamSettings],
        now: datetime,
        known: Known,
    ) -> None:
        self._jira = jira
        self._agreed = known.agreed
        self._teams = [_with_present_key(jira, team) for team in teams]
        self._now = now
        lists = read_lists(jira, [team.project for team in self._teams], known)
        self._refused, self._fields, self._statuses = lists
        self._boards: dict[str, tuple[Board, ...]] = {}

    def findings(self, subject: str) -> Iterator[Finding]:
        """What there is to say of the site's lists, under `subject`, and of each team."""
        yield from (Finding(subject, False, sentence) for sentence in self._refused)
        told: dict[str, list[Finding]] = {}
        for team in self._teams:
            told[team.key] = []
            try:
                told[team.key].extend(self._of_jira(team))
            except TelemetryError as error:
                told[team.key].append(Finding(_subject(team), False, placed(team, error)))
        for team in self._teams:
            yield from told[team.key]
            if team.key in self._boards:
                yield from _told(team, misfits.of_others(team, self._teams, self._boards))

    def _of_jira(self, team: TeamSettings) -> Iterator[Finding]:
        subject, jira = _subject(team), self._jira
        permissions = jira.permissions(team.project)
        browse = permissions.get("BROWSE_PROJECTS") or {}
        if browse.get("havePermission") is False:
            sentence = f"the bot's user may not browse project {team.project}; grant it"
            yield Finding(subject, False, sentence)
            return
        boards = self._find_boards(team)
        listed = ", ".join(f"{board.id} ({board.name})" for board in boards) or "none"
        has_sprints = any(board.has_sprints for board in boards)
        lack = "" if has_sprints else "; it has no sprints, so the team gets its time and flow only"
        yield Finding(subject, True, f"project {team.project}, board {listed}{lack}")
        self._boards[team.key] = boards
        try:
            roles = self._roles(team, boards)
        except TelemetryError as error:
            yield Finding(subject, False, f"{placed(team, error)}. {_field_list(self._fields)}")
            return
        if team.key in self._agreed:
            agreed, statuses = self._agreed[team.key], self._statuses or {}
            told = breach(agreed, team, boards, self._fields, roles, statuses, jira.url)
            if told is not None:
                yield Finding(subject, False, _bare(team, told))
                return
        if roles is not None and self._hides_sprints(team, boards, roles):
            yield Finding(subject, False, _bare(team, no_sprint_field(team, jira.url)))
        if roles is not None:
            yield from self._of_fields(team, boards, roles)
        yield from self._of_jql(team)
        found: list[Misfit] = []
        told_of: set[str] = set()  # each setting that lets no figure be right is told once
        for step in (self._rules, self._sprints, self._asked):
            try:
                found = misfits.beside(found, step(team, boards, roles))
            except TelemetryError as error:
                setting = error.setting.partition(".")[0]
                if not setting or setting not in told_of:
                    yield Finding(subject, False, placed(team, error))
                told_of.add(setting)
        yield from _told(team, found)

    def _find_boards(self, team: TeamSettings) -> tuple[Board, ...]:
        try:
            return find_boards(self._jira, team)
        except NoBoard as error:
            told = told_gone(self._jira, team, self._agreed.get(team.key), error)
            if told is error:
                raise
            raise MeaningChanged(_bare(team, str(told))) from error

    def _hides_sprints(
        self, team: TeamSettings, boards: Sequence[Board], roles: FieldRoles
    ) -> bool:
        """Whether the bot is shown the field Sprint nowhere: every sprint would be empty."""
        if not any(board.has_sprints for board in boards):
            return False
        if roles.sprint is None:
            return True
        some = sample(self._jira, f"project = {quote(team.project)}", roles.sprint)
        return bool(some) and not any(shows_sprints(issue, roles) for issue in some)

    def _roles(self, team: TeamSettings, boards: Sequence[Board]) -> FieldRoles | None:
        """What part the fields play; raises ConfigurationError where they do not fit.

        None where the fields are not known: what rests on them is not checked.
        """
        jira, fields = self._jira, self._fields
        if fields is None:
            return None
        flag = find_flag(jira, fields, [team])
        roles = find_roles(fields, [team], boards, jira.url, flag)
        misfits.check_flag(team, fields, flag, jira.url)
        if team.key not in self._agreed:
            check_board_estimate(team, boards, fields, jira.url)
            check_silent_board(jira, team, boards, roles)
        check_numbers(jira, team, boards, fields)
        return roles

    def _rules(
        self, team: TeamSettings, boards: Sequence[Board], roles: FieldRoles | None
    ) -> list[Misfit]:
        if self._statuses is None:
            return []
        return misfits.of_rules(team, boards, self._statuses, self._jira.url)

    def _asked(
        self, team: TeamSettings, boards: Sequence[Board], roles: FieldRoles | None
    ) -> list[Misfit]:
        found = asked(self._jira, team, boards, roles)
        lately = labels_lately(self._jira, team, self._now)
        unmet = set(team.impediment.labels) - lately
        nowhere = labels_nowhere(self._jira, team) if unmet else ()
        return found + misfits.of_labels(team, lately, nowhere)

    def _sprints(
        self, team: TeamSettings, boards: Sequence[Board], roles: FieldRoles | None
    ) -> list[Misfit]:
        origins: dict[int, set[int]] = {}
        for board in boards:
            for raw in self._jira.sprints(board.id) if board.has_sprints else ():
                made_on = raw.get("originBoardId")
                if isinstance(made_on, int):
                    origins.setdefault(board.id, set()).add(made_on)
                if made_on == board.id:
                    break  # one is enough
        return misfits.of_sprints(self._jira, team, boards, origins)

    def _of_fields(
        self, team: TeamSettings, boards: Sequence[Board], roles: FieldRoles
    ) -> Iterator[Finding]:
        subject, fields = _subject(team), self._fields or []
        names = {raw["id"]: str(raw.get("name", raw["id"])) for raw in fields}
        estimate = estimate_of(team, boards, roles)
        yield Finding(subject, True, f"estimates by {_estimate_name(estimate, names)}")
        if team.impediment.nature_field is not None:
            wanted = team.impediment.nature_field
            found = field_id(fields, wanted, "nature", self._jira.url)
            yield Finding(subject, True, f"natures from {names[found]} ({found})")

    def _of_jql(self, team: TeamSettings) -> Iterator[Finding]:
        if team.jql is None:
            return
        jql = queries.matching(team.project, team.jql)
        count = self._jira.count(jql)
        error: TelemetryError | None = None
        try:  # a count is not believed where it tells of none, or nothing
            if not count and next(iter(self._jira.search_ids(jql)), None) is None:
                error = misfits.matching_nothing(team)
        except TrackerError as reason:
            error = misfits.refused(team, reason)
        if error is not None:
            yield Finding(_subject(team), False, placed(team, error))
        elif count:
            yield Finding(_subject(team), True, _matching(count))
        else:
            yield Finding(_subject(team), True, "issues match its JQL, Jira does not tell how many")


def _bare(team: TeamSettings, sentence: str) -> str:
    """The sentence without its team, where that stands before it."""
    return sentence.removeprefix(f"team '{team.key}': ")


def _matching(count: int) -> str:
    return f"about {count} {plural(count, 'issue matches', 'issues match')} its JQL"


def _subject(team: TeamSettings) -> str:
    return f"team {team.key}"


def _told(team: TeamSettings, found: Iterable[Misfit]) -> Iterator[Finding]:
    for one in found:
        is_note = not one.is_wrong
        yield Finding(_subject(team), is_note, str(one), is_note=is_note, kind=one.topic.value)


def _with_present_key(jira: Jira, team: TeamSettings) -> TeamSettings:
    with suppress(TrackerError):  # said where its boards are looked for
        key = str(jira.project(team.project).get("key") or team.project)
        return team.model_copy(update={"project": key})
    return team


def _estimate_name(estimate: Estimate, names: Mapping[str, str]) -> str:
    if estimate.kind is EstimateKind.ISSUE_COUNT:
        return "issue count (each issue is 1)"
    if estimate.kind is EstimateKind.ORIGINAL_ESTIMATE:
        return "original estimate (hours)"
    return f"{names.get(estimate.field_id or '', '')} ({estimate.field_id})"


def _field_list(fields: Sequence[dict[str, Any]] | None) -> str:
    """The fields that could be meant, for a message."""
    kinds = {"number": "numbers", "option": "choices", "array": "choices", "string": "texts"}
    groups: dict[str, list[str]] = {}
    for raw in fields or ():
        kind = kinds.get(str((raw.get("schema") or {}).get("type")))
        if raw.get("custom") and kind:
            groups.setdefault(kind, []).append(f"{raw.get('name')} ({raw['id']})")
    return "Its own fields: " + "; ".join(
        f"{kind}: {', '.join(sorted(names))}" for kind, names in sorted(groups.items())
    )
