"""How a demo team fills its backlog: quarters' epics, their stories, maintenance."""

from collections.abc import Callable
from datetime import date, timedelta

from bot.simulator import wording
from bot.simulator.calendars import local_instant, next_quarter, quarter_label, quarter_start
from bot.simulator.state import Issue, type_of_bug, type_of_epic, type_of_story, type_of_task
from bot.simulator.team import Team, done, hour, in_progress, minute, second

growing_days = 60
_points = (1, 2, 3, 5, 8, 13)
_point_weights = (2, 4, 6, 5, 2, 0.4)


def mean_points() -> float:
    """The mean estimate of an estimated issue."""
    total = sum(p * w for p, w in zip(_points, _point_weights, strict=True))
    return total / sum(_point_weights)


def estimate(team: Team) -> float:
    return float(team.random.choices(_points, _point_weights)[0])


def effort_of(team: Team, points: float | None) -> float:
    """Seconds of work that an issue will take: its points, and what nobody foresaw."""
    return (
        (2.0 if points is None else points)
        * team.seconds_per_point
        * team.random.lognormvariate(-0.06, 0.35)
    )


def quarters_due(team: Team, day: date) -> None:
    """Plans the quarter of the day, and from twelve days before, the next one."""
    if team.quarter is None:
        team.quarter = quarter_start(day)
        plan_quarter(team, team.quarter, local_instant(team.plan.timezone, day, 8.5))
    following = next_quarter(team.quarter)
    if day >= following - timedelta(days=12):
        team.quarter = following
        plan_quarter(team, following, local_instant(team.plan.timezone, day, 8.5))


def plan_quarter(team: Team, start: date, at: int) -> None:
    """Epics with the quarter's label and a program, and most of their stories.

    Unfinished epics of the quarter before are put off to this one, or left as they are.
    """
    world, label = team.world, quarter_label(start)
    for number in team.epics:
        epic = world.issues[number]
        if not team.is_done(epic) and team.chance(0.5):
            others = [name for name in epic.labels if not name.startswith("Q")]
            world.set_labels(epic, [label, *others], at)
    weeks = team.plan.sprint_weeks or 2
    left = team.commitment * team.plan.pace * 13 / weeks * team.random.uniform(0.62, 0.85)
    count = team.random.randint(4, 6)
    for index in range(count):
        share = left / count * team.random.uniform(0.6, 1.4)
        team.at(at + index * 7 * minute, _fill_epic(team, label, share))


def _fill_epic(team: Team, label: str, points: float) -> Callable[[int], None]:
    """An act that creates an epic with stories of that many points, spread in the backlog."""

    def act(due: int) -> None:
        epic, left, instant = new_epic(team, label, due), points, due
        while left > 0:
            instant += 10 * second
            story, estimated = new_story(team, instant, epic=epic.id)
            team.backlog.remove(story.id)
            team.backlog.insert(team.random.randint(0, len(team.backlog)), story.id)
            left -= estimated or 3

    return act


def new_epic(team: Team, label: str, at: int) -> Issue:
    """An epic of a quarter; three of four belong to a program."""
    labels = [label]
    if team.chance(0.75):
        labels.append(f"Project_{team.random.choice(wording.programs)}")
    epic = team.world.create_issue(
        team.project,
        wording.epic(team.random, team.plan.subjects),
        at,
        kind=type_of_epic,
        reporter=team.people[0],
        labels=labels,
    )
    team.epics.append(epic.id)
    return epic


def new_story(
    team: Team, at: int, epic: int | None = None, sprint: int | None = None
) -> tuple[Issue, float | None]:
    """A story, bug or task and the points it will have; in the backlog unless in a sprint.

    Some are estimated at creation (which leaves no change), most later, a few never.
    """
    kind, title = type_of_story, wording.story(team.random, team.plan.subjects)
    chance = team.random.random()
    if chance < (0.12 if epic else 0.5):
        kind, title = type_of_bug, wording.bug(team.random, team.plan.subjects)
    elif chance < (0.3 if epic else 0.9):
        kind, title = type_of_task, wording.task(team.random, team.plan.subjects)
    points = None if team.chance(0.25 if kind == type_of_bug else 0.05) else estimate(team)
    is_early = team.chance(0.4)
    issue = team.world.create_issue(
        team.project,
        title,
        at,
        kind=kind,
        reporter=team.anybody(),
        points=points if is_early else None,
        labels=["dependency"] if epic and team.chance(0.1) else [],
        components=team.random.choice(((), ("api",), ("core",), ("test",))),
        epic=epic,
        sprint=sprint,
    )
    if not is_early and points is not None:
        later = at + team.random.randint(2, 50) * minute
        team.at(later, lambda due: _estimate(team, issue, points, due))
    team.efforts[issue.id] = effort_of(team, points)
    if sprint is None:
        team.backlog.append(issue.id)
    if kind == type_of_story and (points or 0) >= 5 and team.chance(0.4):
        _split(team, issue, at + 2 * second)
    return issue, points


def _estimate(team: Team, issue: Issue, points: float, at: int) -> None:
    if team.alive(issue.id) is not None and issue.points is None:
        team.world.set_estimate(issue, points, at, author=team.people[0])


def _split(team: Team, issue: Issue, at: int) -> None:
    for index in range(team.random.randint(2, 4)):
        team.world.create_issue(
            issue.project,
            f"{wording.sub_task(team.random)}: {issue.summary}",
            at + index * second,
            reporter=issue.reporter,
            parent=issue.id,
        )


def refine(team: Team, at: int) -> None:
    """Keeps a sprint and a half of work in the backlog, with some housekeeping."""
    stock(team, 1.5, at)
    for number in team.backlog[:15]:
        issue = team.world.issues[number]
        if issue.points is not None and team.chance(0.04):
            team.world.set_estimate(issue, estimate(team), at + 4 * minute)
    _tidy(team, at + 5 * minute)


def stock(team: Team, commitments: float, at: int) -> None:
    """Writes what is missing of that many sprints' work in the backlog."""
    team.backlog = [n for n in team.backlog if (i := team.alive(n)) and not team.is_done(i)]
    want = round(commitments * team.commitment / mean_points())
    growing = [n for n in team.epics if _grows(team, n, at)]
    for index in range(max(0, want - len(team.backlog))):
        epic = team.random.choice(growing) if growing and team.chance(0.3) else None
        issue, _ = new_story(team, at + 5 * index * second, epic=epic)
        team.backlog.remove(issue.id)
        team.backlog.insert(team.random.randint(0, len(team.backlog)), issue.id)
    _finish(team)


def _grows(team: Team, number: int, at: int) -> bool:
    """Whether an epic still gets new stories: while it is young and far from done."""
    epic = team.world.issues[number]
    children = [team.world.issues[child] for child in team.world.by_epic.get(number, {})]
    done_count = sum(team.is_done(child) for child in children)
    is_young = at - epic.created_at < growing_days * 24 * hour
    return is_young and not team.is_done(epic) and 2 * done_count <= len(children)


def _finish(team: Team) -> None:
    """Puts what epics that are far along still need first in the backlog."""
    ahead: list[int] = []
    busy = {
        number
        for sprint in (team.sprint, team.next_sprint)
        if sprint is not None
        for number in team.world.by_sprint[sprint.id]
    }
    for number in team.epics:
        children = [team.world.issues[child] for child in team.world.by_epic.get(number, {})]
        left = [child.id for child in children if not team.is_done(child)]
        if left and 10 * len(left) <= 4 * len(children):
            ahead += (child for child in left if child not in busy)
    team.backlog = [*ahead, *(number for number in team.backlog if number not in set(ahead))]


def _tidy(team: Team, at: int) -> None:
    """Now and then an issue of no epic is deleted, hidden, or given to a neighbour."""
    loose = [number for number in team.backlog if team.world.issues[number].epic is None]
    if len(team.backlog) < 10 or len(loose) < 3:
        return
    if team.chance(0.12):
        team.world.delete_issue(_taken(team, loose), at)
    if team.chance(0.06):
        team.world.hide_issue(_taken(team, loose))
    if team.neighbours and team.chance(0.25):
        issue = _taken(team, loose)
        team.world.move_to_project(issue, team.random.choice(team.neighbours), at)


def _taken(team: Team, loose: list[int]) -> Issue:
    """The last of these, no more in the backlog."""
    number = loose.pop()
    team.backlog.remove(number)
    return team.world.issues[number]


def advance_epics(team: Team, at: int) -> None:
    """Epics follow their children: in progress with the first, done with the last."""
    for number in team.epics:
        epic = team.world.issues[number]
        children = [team.world.issues[child] for child in team.world.by_epic.get(number, {})]
        finished = [child for child in children if team.is_done(child)]
        if team.is_done(epic) or not children:
            continue
        if len(finished) == len(children):
            team.world.transition(epic, done, at, author=team.people[0])
        elif finished:
            team.world.transition(epic, in_progress, at, author=team.people[0])
