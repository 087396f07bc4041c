"""What several questions about a team read again, read once: for who wants no later state of it."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")
_OPTION = "of_one_team"


class OfOneTeam:
    """What was read of the team that was asked about last."""

    def __init__(self) -> None:
        self._team_key = ""
        self._known: dict[str, Any] = {}

    def get(self, team_key: str, what: str, read: Callable[[], T]) -> T:
        """It, as it was first read. Raises as `read`."""
        if team_key != self._team_key:
            self._team_key, self._known = team_key, {}
        if what not in self._known:
            self._known[what] = read()
        found: T = self._known[what]
        return found


def keeping(connection: Connection, kept: OfOneTeam) -> Connection:
    """The connection, through which what is kept is not read again."""
    return connection.execution_options(**{_OPTION: kept})


def kept_by(connection: Connection) -> OfOneTeam | None:
    """What is kept beside the connection; None where each question reads for itself."""
    found: OfOneTeam | None = connection.get_execution_options().get(_OPTION)
    return found
