"""Whether issues are shown by their titles (`web.show_summaries`), or by their keys alone.

Every report that names an issue takes its title from here, so that what is hidden is in no shape
that a page, a file, a message or the API could show.
"""

from sqlalchemy import Connection

_OPTION = "hides_titles"


def hiding(connection: Connection, *, are_hidden: bool) -> Connection:
    """The connection, through which titles are read or not."""
    return connection.execution_options(**{_OPTION: are_hidden}) if are_hidden else connection


def are_shown(connection: Connection) -> bool:
    """Whether titles may be read through the connection."""
    return not connection.get_execution_options().get(_OPTION, False)


def title(connection: Connection, summary: str) -> str | None:
    """The title of an issue as it may be shown; None where titles are hidden."""
    return summary if are_shown(connection) else None
