"""Makes the demo's world: teams with a year behind them, alive at `now`; the seed tells all."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random

from bot.simulator import wording
from bot.simulator.backlog import new_story, quarters_due
from bot.simulator.calendars import local_day, local_instant
from bot.simulator.sprints import open_sprint, prepare_next
from bot.simulator.state import History, Instant, Issue, Item, milliseconds
from bot.simulator.team import Team, done, hour, in_progress
from bot.simulator.teams import TeamPlan, team_plans
from bot.simulator.workday import plan_day
from bot.simulator.world import World

_issues_per_team_week = 13
_most_weeks = 156
_lively_share = 0.9
_work_logs_per_lively_issue = 5.5


class DemoWorld(World):
    """A world with the teams that live in it."""

    def __init__(self, timezone: str) -> None:
        super().__init__(timezone)
        self.teams: list[Team] = []

    def record(
        self, issue: Issue, items: Sequence[Item], at: Instant, author: int | None = None
    ) -> History:
        """As any record; an act that comes seconds too early waits for the one before it."""
        last = issue.histories[-1].at if issue.histories else issue.created_at
        return super().record(issue, items, max(milliseconds(at), last), author)


def demo_world(
    now: datetime,
    teams: int = 6,
    seed: int = 7,
    weeks: int = 52,
    issues: int | None = None,
    work_logs: int | None = None,
) -> DemoWorld:
    """The teams' history over `weeks` up to `now`, each with a sprint running (or kanban).

    `issues` asks for that many issues in all: more weeks up to three years, then bigger teams.
    With `work_logs` as well, fewer of them are lively and the rest is plain work long done, so
    that there are that many work logs in all, not some five an issue.
    """
    density = 1.0
    if issues is not None:
        lively = _lively_share * issues
        if work_logs is not None:
            lively = min(lively, 0.75 * work_logs / _work_logs_per_lively_issue)
        needed = lively / (teams * _issues_per_team_week)
        weeks = max(6, min(_most_weeks, int(needed)))
        density = max(1.0, needed / weeks)
    world = DemoWorld("Europe/Paris")
    world.add_user("Telemetry Bot", "bot@example.com", "America/New_York")
    end = milliseconds(now)
    first = (now - timedelta(weeks=weeks)).date()
    for number, plan in enumerate(team_plans(teams)):
        world.teams.append(found_team(world, plan, Random(f"{seed} {number}"), density))
    for team in world.teams:
        team.neighbours = [t.project for t in world.teams if t.project != team.project][:5]
        _schedule_first_sprint(team, first, end)
    day = first
    while day <= now.date() + timedelta(days=1):
        for team in world.teams:
            live_through(team, day, end)
        day += timedelta(days=1)
    _share_sprints(world)
    if issues is not None:
        _fill(world, issues, work_logs or 0, (first, now.date()), seed)
    return world


def found_team(world: World, plan: TeamPlan, random: Random, density: float = 1.0) -> Team:
    """A team with its people, project and board."""
    count = round(plan.people * density)
    people = []
    for number in range(count):
        name = wording.person(random)
        email = f"{plan.key}.{number + 1}@example.com"
        people.append(world.add_user(name, email, plan.timezone).id)
    project = world.add_project(plan.project, plan.name, people[0])
    kind = "scrum" if plan.sprint_weeks else "kanban"
    board = world.add_board(project.id, f"{plan.project} board", kind, plan.estimation)
    commitment = plan.commitment * density
    days = 5 * (plan.sprint_weeks or 2)
    planned = 1 - plan.impediment_share - plan.off_plan_share
    seconds = count * days * 0.9 * 6.2 * 3600 * planned
    return Team(
        world=world,
        plan=plan,
        random=random,
        project=project.id,
        board=board.id,
        people=people,
        commitment=commitment,
        seconds_per_point=0.74 * seconds / (commitment * plan.pace),
    )


def live_through(team: Team, day: date, end: int) -> None:
    """Plans one local day and does what is due of it, never anything after `end`."""
    if local_instant(team.plan.timezone, day, 0) > end:
        return
    quarters_due(team, day)
    plan_day(team, day)
    team.run_until(min(end, local_instant(team.plan.timezone, day, 23.95)))


def _schedule_first_sprint(team: Team, first: date, end: int) -> None:
    """Puts the start of the first sprint so that one is well under way at `end`."""
    plan = team.plan
    if not plan.sprint_weeks:
        return
    length = 7 * plan.sprint_weeks
    today = local_day(plan.timezone, end)
    wished = today - timedelta(days=round(length * team.random.uniform(0.35, 0.75)))
    start = min(
        (wished + timedelta(days=n) for n in range(-6, 7)),
        key=lambda d: (d.weekday() != plan.start_weekday, abs((d - wished).days), d >= today),
    )
    if start >= today:
        start -= timedelta(days=7)
    while start - timedelta(days=length) >= first + timedelta(days=3):
        start -= timedelta(days=length)
    prepare_next(team, start)
    opening = local_instant(plan.timezone, start, plan.start_hour)
    team.at(opening, lambda due: open_sprint(team, due))


def _share_sprints(world: DemoWorld) -> None:
    """Lets every third board list a sprint of its neighbour, as shared filters do."""
    scrum = [team for team in world.teams if team.plan.sprint_weeks]
    for team, other in list(pairwise(scrum))[::3]:
        theirs = [s.id for s in world.sprints.values() if s.board == other.board]
        world.boards[team.board].foreign_sprints = theirs[-3:-2]


def _fill(
    world: DemoWorld, issues: int, work_logs: int, days: tuple[date, date], seed: int
) -> None:
    """Adds plain issues, with what is missing of the work logs, until there are enough."""
    random = Random(f"{seed} fill")
    most_days = max(0, (days[1] - days[0]).days - 14)
    while len(world.issues) < issues:
        team = random.choice(world.teams)
        day = days[0] + timedelta(days=random.randint(0, most_days))
        at = local_instant(team.plan.timezone, day, 9 + random.randint(0, 80) / 10)
        issue, _ = new_story(team, at)
        team.backlog.remove(issue.id)
        missing = max(0, work_logs - len(world.work_logs)) / max(1, issues - len(world.issues))
        if missing:
            _work_on(team, issue, at, int(missing + random.random()), random)
    for team in world.teams:
        team.run_until(local_instant(team.plan.timezone, days[1], 0))


def _work_on(team: Team, issue: Issue, at: int, chunks: int, random: Random) -> None:
    """Work of that many chunks from an hour after `at` on, and the issue is done."""
    world, person = team.world, random.choice(team.people)
    for number in range(chunks):
        start = at + (1 + 24 * number) * hour
        seconds = 900 * random.randint(1, 16)
        if number == 0:
            world.transition(issue, in_progress, start, author=person)
        world.log_work(issue, person, start, seconds, start + seconds * 1000)
    if chunks:
        world.transition(issue, done, at + (6 + 24 * chunks) * hour, author=person)
