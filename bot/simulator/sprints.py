"""A demo team's ceremonies: planning, start, scope changes and closure of sprints."""

from datetime import date, timedelta

from bot.simulator import wording
from bot.simulator.ahead import leave_out, plan_ahead, planned_ahead
from bot.simulator.backlog import advance_epics, estimate, new_story, refine
from bot.simulator.calendars import local_day, local_instant
from bot.simulator.state import Issue, Sprint
from bot.simulator.team import Team, hour, minute, second

_goals = ("", "{s} ready for customers", "Make {s} boring", "Ship {s} & sleep well")


def prepare_next(team: Team, start_on: date) -> None:
    """Creates the future sprint that begins on that day."""
    number = team.plan.first_number + team.sprint_count
    team.sprint_count += 1
    year, week, _ = start_on.isocalendar()
    name = team.plan.sprint_name.format(n=number, year=year, week=f"{week:02d}")
    goal = team.random.choice(_goals).format(s=team.random.choice(team.plan.subjects))
    team.next_sprint = team.world.create_sprint(team.board, name, goal)


def open_sprint(team: Team, at: int) -> None:
    """Planning meeting: takes issues in up to the commitment; the start follows."""
    sprint = team.next_sprint
    if sprint is None:
        return
    world = team.world
    ahead = planned_ahead(team, sprint)
    refine(team, at - 6 * minute)
    target = team.commitment * team.random.uniform(0.92, 1.08)
    target -= sum(
        world.issues[n].points or 0
        for n in world.by_sprint[sprint.id]
        if n not in ahead and not team.is_done(world.issues[n])
    )
    left = ahead.difference(_take_in(team, sprint, target, at))
    team.at(at + 30 * minute, lambda due: leave_out(team, sprint, left, due))
    team.at(at + 35 * minute, lambda due: _start(team, sprint, due))


def _start(team: Team, sprint: Sprint, at: int) -> None:
    """Starts the sprint, some with an earlier date, and puts its closure on the agenda."""
    plan = team.plan
    end_on = local_day(plan.timezone, at) + timedelta(days=7 * plan.sprint_weeks)
    while end_on.weekday() != plan.start_weekday:
        end_on -= timedelta(days=1)
    end_at = local_instant(plan.timezone, end_on, plan.start_hour)
    back = at - 150 * minute if plan.backdates and team.chance(0.5) else None
    team.world.start_sprint(sprint, end_at, at, start_at=back)
    team.sprint = sprint
    team.mood = team.random.lognormvariate(-0.03, 0.24)
    prepare_next(team, end_on)
    plan_ahead(team, end_on)
    delay = 22 * hour if team.chance(0.1) else -team.random.randint(2, 25) * minute
    team.at(end_at + delay, lambda due: close_sprint(team, due))


def _take_in(team: Team, sprint: Sprint, target: float, at: int) -> list[int]:
    """Fills the sprint from the backlog, which tells the order; returns what it took there."""
    instant, taken = at, []
    while target > 0 and team.backlog:
        instant += 15 * second
        if team.chance(0.06):
            _, points = new_story(team, instant, sprint=sprint.id)
        else:
            issue = team.world.issues[team.backlog.pop(0)]
            team.world.move_to_sprint(issue, sprint, instant, author=team.people[0])
            taken.append(issue.id)
            points = issue.points
        target -= points or 0
    return taken


def close_sprint(team: Team, at: int) -> None:
    """Completes the sprint; what is unfinished goes to the next one or to the backlog."""
    sprint, following = team.sprint, team.next_sprint
    if sprint is None or sprint.state != "active" or following is None:
        return
    destination = None if team.plan.sends_to_backlog else following
    unfinished = team.world.close_sprint(sprint, destination, at)
    team.in_hand.clear()
    team.sprint = None
    if destination is None:
        wanted = [issue for issue in unfinished if team.chance(0.9)]
        team.backlog[:0] = [issue.id for issue in wanted]
    else:
        for issue in unfinished:
            if team.chance(0.12):
                team.world.remove_from_sprint(issue, at + second)
                team.backlog.append(issue.id)
    for issue in unfinished:
        if team.chance(0.15) and issue.points is not None:
            team.world.set_estimate(issue, estimate(team), at + 2 * second)
    advance_epics(team, at + 3 * second)
    team.at(at + 15 * minute, lambda due: open_sprint(team, due))


def change_scope(team: Team, at: int) -> None:
    """In a running sprint: adds an issue, drops one, re-estimates one, or moves one away."""
    if team.sprint is None:
        return
    waiting = [i for i in team.sprint_issues() if i.status == "10000"]
    kind = team.random.random()
    if kind < 0.4:
        add_to_sprint(team, at)
    elif kind < 0.6 and len(waiting) > 2:
        issue = team.random.choice(waiting)
        team.world.remove_from_sprint(issue, at)
        team.backlog.insert(min(3, len(team.backlog)), issue.id)
    elif kind < 0.93 and waiting:
        issue = team.random.choice(waiting)
        team.world.set_estimate(issue, estimate(team), at)
    elif waiting and team.neighbours and team.chance(0.5):
        issue = team.random.choice(waiting)
        if issue.epic is None:
            team.world.move_to_project(issue, team.random.choice(team.neighbours), at)


def add_to_sprint(team: Team, at: int) -> Issue | None:
    """Takes one more issue into the running sprint, from the backlog or a new one."""
    if team.sprint is None:
        return None
    if not team.backlog or team.chance(0.3):
        return new_story(team, at, sprint=team.sprint.id)[0]
    issue = team.world.issues[team.backlog.pop(0)]
    team.world.move_to_sprint(issue, team.sprint, at, author=team.people[0])
    return issue


def comment(team: Team) -> str:
    return team.random.choice(wording.comments)
