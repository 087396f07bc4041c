"""Which sprint is asked for: one by its id, or the current one."""

from sqlalchemy import Connection

from telemetry.errors import NotFound
from telemetry.report.sprint.summaries import current_sprint_id
from telemetry.report.teams.team import StoredTeam

CURRENT = "current"


def chosen_sprint_id(connection: Connection, team: StoredTeam, sprint_id: int | str) -> int:
    """The id given, or that of the current sprint. Raises NotFound where a team has none."""
    if sprint_id != CURRENT:
        return int(sprint_id)
    found = current_sprint_id(connection, team)
    if found is None:
        reason = f": {team.error}" if team.as_of is None and team.error else ""
        raise NotFound(f"team '{team.rules.key}' has no current sprint{reason}")
    return found
