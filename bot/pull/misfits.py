"""What of a team's settings meets nothing on its Jira: told by `check` and by every pull.

Where a figure cannot be right, ConfigurationError fails the team, and its figures stay as they
were; what figures can live with is a Misfit.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from bot.jira.client import Jira
from bot.pull.team_boards import listed_boards
from bot.translate.fields import check_boxes, flag_by_name
from telemetry.domain.done import DONE, TODO
from telemetry.domain.misfit import Misfit, Source, Topic
from telemetry.domain.models import Board, Status
from telemetry.errors import ConfigurationError, TelemetryError, TrackerError
from telemetry.settings import TeamSettings
from telemetry.store.recategorized import Recategorized
from telemetry.store.relevelled import Relevelled
from telemetry.words import configuration as words

BAD_REQUEST = 400
LABELS = "impediment.labels"
_PROJECT = re.compile(r"\bproject\s*(?:=|in\b)\s*(\([^)]*\)|\"[^\"]*\"|'[^']*'|[^\s()]+)", re.I)


def placed(team: TeamSettings, error: TelemetryError) -> str:
    """The error's sentence, with the line of the setting that it is about."""
    return f"{_place(team, error.setting)}: {error}" if error.setting else str(error)


def _place(team: TeamSettings, setting: str) -> str:
    """The file without its folder, the line and the key."""
    written, _, key = team.place(setting).partition(": ")
    return f"{PurePath(written).name}: {key}" if key else f"{team.key}: {setting}"


class Misfits:
    """Collects what is said of one team's settings."""

    def __init__(self, team: TeamSettings) -> None:
        self._team = team
        self.found: list[Misfit] = []

    def add(
        self,
        source: Source,
        setting: str,
        sentence: str,
        *,
        is_wrong: bool = True,
        topic: Topic = Topic.SETTING,
        hides_impediments: bool = False,
    ) -> None:
        place = _place(self._team, setting)
        self.found.append(Misfit(source, place, sentence, is_wrong, topic, hides_impediments))


def check_flag(
    team: TeamSettings, fields: Sequence[dict[str, Any]], flag_told: str | None, url: str
) -> None:
    """Raises ConfigurationError where flags are to count and no field flags.

    `flag_told` is the field by which Jira tells flags, if that was found out.
    """
    own = team.impediment
    if own.flagged and not (own.flag_field or flag_told or flag_by_name(fields)):
        boxes = [f"'{raw.get('name')}' ({raw['id']})" for raw in check_boxes(fields)]
        raise ConfigurationError(words.no_flag(url, boxes)).about("impediment.flagged")


def of_rules(
    team: TeamSettings, boards: Sequence[Board], statuses: Mapping[str, Status], url: str
) -> list[Misfit]:
    """What the team's rules do not meet. Raises ConfigurationError where nothing can be right."""
    misfits = Misfits(team)
    own = team.impediment
    if team.done_statuses and team.done != "category":
        misfits.add(Source.RULES, "done", words.DONE_UNUSED, is_wrong=False)
    if own.flag_field is not None and not own.flagged:
        setting = "impediment.flag_field"
        misfits.add(Source.RULES, setting, words.FLAG_UNUSED, is_wrong=False)
    if team.done_statuses:
        _of_done_statuses(misfits, team, statuses.values(), url)
    elif team.done == "board_column":
        _of_columns(misfits, boards, statuses)
    elif statuses and not any(one.category == DONE for one in statuses.values()):
        names = [one.name for one in statuses.values()]
        raise ConfigurationError(words.nothing_done(url, names)).about("done")
    return misfits.found


def of_categories(
    team: TeamSettings, changed: Iterable[Recategorized], statuses: Mapping[str, Status]
) -> list[Misfit]:
    """Which statuses of the team's issues have another category than they had."""
    misfits = Misfits(team)
    for one in changed:
        now = statuses.get(one.status_id)
        if now is not None and now.is_listed and team.done == "category":
            day = f"{one.seen_at:%Y-%m-%d}"
            sentence = words.category_changed(now.name, now.id, one.before, now.category, day)
            misfits.add(Source.RULES, "done", sentence, topic=Topic.CATEGORY)
    return misfits.found


def of_levels(team: TeamSettings, changed: Iterable[Relevelled]) -> list[Misfit]:
    """Which types of the team's issues stand at another level than they did."""
    misfits = Misfits(team)
    for one in changed:
        day = f"{one.seen_at:%Y-%m-%d}"
        sentence = words.level_changed(one.type_name, one.before, one.now, day)
        misfits.add(Source.RULES, "project", sentence, topic=Topic.LEVEL)
    return misfits.found


def _of_done_statuses(
    misfits: Misfits, team: TeamSettings, statuses: Collection[Status], url: str
) -> None:
    listed = [one for one in statuses if one.is_listed]
    unmet = [
        (place, wanted)
        for place, wanted in enumerate(team.done_statuses)
        if not any(_is_called(one, wanted) for one in listed)
    ]
    names = [one.name for one in listed]
    if len(unmet) == len(team.done_statuses):
        done = [one.name for one in listed if one.category == DONE]
        sentence = words.no_done([wanted for _, wanted in unmet], names, done, url)
        raise ConfigurationError(sentence).about("done_statuses")
    for place, wanted in unmet:
        sentence = words.no_such_status(wanted, names, url)
        misfits.add(Source.RULES, f"done_statuses.{place}", sentence)
    for place, wanted in enumerate(team.done_statuses):
        called = [one for one in listed if _is_called(one, wanted)]
        if called and all(one.category == TODO for one in called):
            sentence = words.done_before_begun(called[0].name, called[0].id)
            misfits.add(Source.RULES, f"done_statuses.{place}", sentence)


def _is_called(status: Status, wanted: str) -> bool:
    return wanted == status.id or wanted.casefold() == status.name.casefold()


def _of_columns(misfits: Misfits, boards: Sequence[Board], statuses: Mapping[str, Status]) -> None:
    counted = listed_boards(boards)
    if not any(ids for board in counted for _, ids in board.columns):
        raise ConfigurationError(words.no_column(_boards(counted) or "no board")).about("done")
    for board in counted:
        filled = [(name, ids) for name, ids in board.columns if ids]
        if filled and not board.columns[-1][1]:
            name, ids = filled[-1]
            known = [statuses[one].name if one in statuses else one for one in ids]
            last = board.columns[-1][0]
            sentence = words.empty_column(named_board(board), last, name, known)
            misfits.add(Source.RULES, "done", sentence, topic=Topic.OPEN)
        for one in (statuses[i] for i in filled[-1][1] if i in statuses) if filled else ():
            if one.category == TODO:
                where = f" in the last column '{filled[-1][0]}' of board {named_board(board)}"
                misfits.add(Source.RULES, "done", words.done_before_begun(one.name, one.id, where))


def named_board(board: Board) -> str:
    """A board as messages name it."""
    return f"{board.id} ({board.name})"


def _boards(boards: Iterable[Board]) -> str:
    return ", ".join(f"board {named_board(board)}" for board in boards)


def of_others(
    team: TeamSettings, others: Iterable[TeamSettings], boards: Mapping[str, Sequence[Board]]
) -> list[Misfit]:
    """Which teams of the site count the same; `boards` are those that are known, by team."""
    misfits = Misfits(team)
    mine = {board.id: named_board(board) for board in boards.get(team.key, ()) if board.has_sprints}
    by_board: dict[int, list[str]] = {}
    by_project: list[str] = []
    for other in others:
        if other.key == team.key or other.site != team.site or other.jql != team.jql:
            continue
        theirs = {board.id for board in boards.get(other.key, ())} or set(other.board_ids)
        shared = sorted(mine.keys() & theirs)
        if shared:
            by_board.setdefault(shared[0], []).append(other.key)
        elif other.project == team.project:
            by_project.append(other.key)
    setting = "boards" if team.boards else "board"
    for board_id, keys in by_board.items():
        sentence = words.same_board(keys, mine[board_id])
        misfits.add(Source.RULES, setting, sentence, topic=Topic.SHARED)
    if by_project:
        sentence = words.same_project(by_project, team.project)
        misfits.add(Source.RULES, "project", sentence, topic=Topic.SHARED)
    return misfits.found


def beside(found: list[Misfit], more: Iterable[Misfit]) -> list[Misfit]:
    """Both, without what says more of a setting of which all is said."""
    told = {one.place for one in found if ".done_statuses[" in one.place}
    return [*found, *(one for one in more if one.place not in told)]


def of_sprints(
    jira: Jira, team: TeamSettings, boards: Sequence[Board], origins: Mapping[int, Collection[int]]
) -> list[Misfit]:
    """Whether the boards list sprints of other boards only.

    `origins` are the boards on which the sprints were made that each of the boards lists.
    """
    misfits, own = Misfits(team), {board.id for board in boards}
    others = sorted({i for board in boards for i in origins.get(board.id, ())})
    if not others or own & set(others):
        return []
    ids = [board.id for board in boards if board.has_sprints]
    names = [f"board {_name_of(jira, one)}" for one in others]
    board = next(board for board in boards if origins.get(board.id))
    setting = "boards" if team.boards else "board"
    sentence = words.foreign_sprints(named_board(board), names, [*ids, *others])
    misfits.add(Source.SPRINTS, setting, sentence)
    return misfits.found


def _name_of(jira: Jira, board_id: int) -> str:
    try:
        return f"{board_id} ({jira.board(board_id).get('name')})"
    except TrackerError:
        return str(board_id)


def of_labels(
    team: TeamSettings, known: Collection[str], nowhere: Collection[str] = ()
) -> list[Misfit]:
    """Which impediment labels are not among those of the project's issues in the past year.

    `nowhere` are those that no issue at all has: where all are, nobody can tell impediments.
    """
    misfits, folded = Misfits(team), {label.casefold() for label in known}
    own = team.impediment
    is_named = "labels" in own.model_fields_set
    is_hidden = bool(own.labels) and not own.flagged and set(own.labels) <= set(nowhere)
    for place, label in enumerate(own.labels):
        if label.casefold() not in folded:
            misfits.add(
                Source.ASKED,
                f"{LABELS}.{place}",
                words.no_label(label, team.project, known, is_nowhere=label in nowhere),
                is_wrong=is_named,
                hides_impediments=is_hidden,
            )
    return misfits.found


def unmatched(team: TeamSettings) -> Misfit:
    """The misfit of a team whose JQL never matched an issue."""
    return Misfit(Source.RULES, _place(team, "jql"), str(no_match(team)))


def matching_nothing(team: TeamSettings) -> ConfigurationError:
    """That the team's JQL matches no issue, and how a person says that this is meant."""
    accept = f"telemetry pull --team {team.key} --accept-vanished"
    sentence = f"{no_match(team)}; or, if nothing is to count now: {accept}"
    return ConfigurationError(sentence).about("jql")


def refused(team: TeamSettings, error: TrackerError) -> TrackerError:
    """The error of the team's JQL, with what to do about it where Jira does not take it."""
    if error.status == BAD_REQUEST:
        error = TrackerError(words.refused_jql(team.jql or "", team.project, error.words))
    return error.about("jql")


def no_match(team: TeamSettings) -> ConfigurationError:
    """That the team's JQL matches no issue, which other projects it names."""
    found = [part for text in _PROJECT.findall(team.jql or "") for part in text.split(",")]
    other = [name for part in found if (name := part.strip("()\"' "))]
    is_mine = team.project.casefold() in {name.casefold() for name in other}
    sentence = words.no_match(team.jql or "", team.project, [] if is_mine else other)
    return ConfigurationError(sentence).about("jql")
