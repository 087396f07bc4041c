"""What a pull asks for together with what changed: what no search for projects or sprints finds."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.pull.epic_turns import EpicTurn, read_epic_turn, write_epic_turn
from bot.pull.queries import STRANGERS_AT_ONCE, Beside
from telemetry.store.issues import strangers
from telemetry.store.reach import kept_projects, strangers_in


@dataclass(frozen=True, slots=True)
class Aside:
    """The question, and the issues that are to be read by themselves where it was not answered.

    `inside` are those of other projects that were in an open sprint: they may have left it.
    `others` are those of other projects that may have changed.
    """

    question: Beside
    inside: Collection[int]
    others: Collection[int]
    turn: EpicTurn

    def answered(self, connection: Connection, site: str) -> Collection[int]:
        """Note that the question was answered; those of the others that it had no room for."""
        write_epic_turn(connection, site, self.turn)
        return set(self.others) - set(self.question.changed_ids)


def read_aside(
    connection: Connection,
    site: str,
    projects: Collection[str],
    ours: Collection[str],
    open_ids: Collection[int],
    since: datetime,
) -> Aside:
    """What is to be asked for of these projects; `ours` are those of all teams of the site."""
    turn = read_epic_turn(connection, site, projects, since)
    inside = strangers_in(connection, site, ours, open_ids)
    kept = kept_projects(connection, site)
    others = strangers(connection, site, {*ours, *kept}).keys() - inside
    ids = tuple(sorted(inside)[:STRANGERS_AT_ONCE])
    changed_ids = tuple(sorted(others)[: STRANGERS_AT_ONCE - len(ids)])
    question = Beside(
        epics=turn.always,
        in_turn=turn.in_turn,
        in_turn_since=turn.since,
        changed_ids=changed_ids,
        ids=ids,
    )
    return Aside(question, inside, others, turn)
