"""What people correct in a sprint long after its close, so that then and now differ."""

from bot.simulator.generate import DemoWorld
from bot.simulator.state import Instant, Sprint, milliseconds
from bot.simulator.team import Team, hour

_forgotten_seconds = 3 * 3600


def edit_a_closed_sprint(world: DemoWorld, at: Instant) -> Sprint | None:
    """Changes the last closed sprint of the first team that has one, and returns it.

    Hours that nobody had entered are logged on a done issue of it, and another one is deleted.
    """
    for team in world.teams:
        closed = [
            one
            for one in world.sprints.values()
            if one.board == team.board and one.state == "closed"
        ]
        if closed:
            last = max(closed, key=lambda one: one.complete_at or 0)
            _edit(world, team, last, milliseconds(at))
            return last
    return None


def _edit(world: DemoWorld, team: Team, sprint: Sprint, at: int) -> None:
    issues = [world.issues[one] for one in world.by_sprint[sprint.id]]
    alone = [one for one in issues if one.sprints == (sprint.id,) and not one.subtasks]
    done = [one for one in alone if team.is_done(one) and one.points]
    if sprint.complete_at is None or len(done) < 2:
        return
    worked, gone = done[0], done[1]
    logs = [world.work_logs[one] for one in worked.work_logs]
    started_at = (
        max((log.started_at for log in logs), default=sprint.complete_at - 48 * hour) + hour
    )
    world.log_work(worked, team.people[0], started_at, _forgotten_seconds, at)
    world.delete_issue(gone, at)
