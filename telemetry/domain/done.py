"""Which statuses mean done, and which mean in progress, for one team.

Between what the tracker lists (statuses, boards) and a team's rules: read when rules are made.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from telemetry.domain.models import Board, Status

DONE_NAMES = frozenset({"done", "closed", "resolved"})
TODO, DONE, UNDEFINED = "new", "done", "undefined"


@dataclass(frozen=True, slots=True)
class StatusRules:
    """The ids of statuses by meaning; a status in neither set is still to do.

    `notes` has one sentence for each status that had to be guessed, for the data-quality page.
    """

    done_ids: frozenset[str]
    in_progress_ids: frozenset[str]
    notes: tuple[str, ...]


def done_status_ids(
    statuses: Iterable[Status],
    boards: Iterable[Board] = (),
    done: str = "category",
    done_statuses: Sequence[str] = (),
) -> StatusRules:
    """The statuses that are done, and those in progress, by the team's own rule.

    `done_statuses` (names or ids), when given, are alone done; else `done` is "category" (the
    tracker's own) or "board_column" (each board's last column that holds statuses). A status that
    is no longer listed has the category of a listed one of its name, else it is done by its name,
    else not done, whatever the team's rule. In progress is what is neither done nor to do.
    """
    every = sorted(statuses, key=lambda status: status.id)
    listed = [status for status in every if status.is_listed]
    unlisted = [status for status in every if not status.is_listed]
    notes: list[str] = []
    if done_statuses:
        wanted = {entry.casefold() for entry in done_statuses}
        done_ids = {s.id for s in every if s.id in done_statuses or s.name.casefold() in wanted}
    else:
        done_ids = _listed_done(listed, boards, done, notes)
        done_ids |= {s.id for s in unlisted if _category(s, listed) == DONE}
    in_progress = {s.id for s in every if _category(s, listed) != TODO}
    names = {s.name.casefold(): s.name for s in listed}
    notes += [_note(status, status.id in done_ids, names) for status in unlisted]
    return StatusRules(frozenset(done_ids), frozenset(in_progress - done_ids), tuple(notes))


def _listed_done(
    listed: Sequence[Status], boards: Iterable[Board], done: str, notes: list[str]
) -> set[str]:
    if done == "board_column":
        filled = [[ids for _, ids in board.columns if ids] for board in boards]
        ends = [columns[-1] for columns in filled if columns]
        if ends:
            return {status_id for column in ends for status_id in column}
        notes.append(
            "No board has a column with statuses, so done follows the status category instead."
        )
    return {status.id for status in listed if status.category == DONE}


def _category(status: Status, listed: Sequence[Status]) -> str:
    """A listed status' own; of one listed no more that of its namesake, else done by its name.

    One that neither tells is `undefined`. Of several namesakes one that is done counts first.
    """
    if status.is_listed:
        return status.category
    name = status.name.casefold()
    known = [one.category for one in listed if one.name.casefold() == name]
    if known:
        return DONE if DONE in known else known[0]
    return DONE if name in DONE_NAMES else UNDEFINED


def meaning_of(status: Status, is_done: bool, listed_names: Mapping[str, str]) -> str:
    """How a status that is no longer listed counts, and why, as part of a sentence.

    `listed_names` are the names of the listed statuses by themselves in lower case.
    """
    meaning = "done" if is_done else "not done"
    like = listed_names.get(status.name.casefold())
    why = f"like the listed status {like!r}" if like else "by its name alone"
    return f"counted as {meaning}, {why}"


def _note(status: Status, is_done: bool, listed_names: Mapping[str, str]) -> str:
    meaning = meaning_of(status, is_done, listed_names)
    return f"Status {status.name!r} ({status.id}) is no longer listed by Jira: {meaning}."
