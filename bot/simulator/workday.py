"""A demo team's working day: who works when on what, and what comes of it."""

from datetime import date, timedelta
from itertools import pairwise

from bot.simulator.backlog import new_story, refine
from bot.simulator.calendars import is_working_day, local_instant
from bot.simulator.interruptions import an_impediment, an_off_plan_issue
from bot.simulator.sprints import add_to_sprint, change_scope, comment
from bot.simulator.state import Issue, WorkLog
from bot.simulator.team import Team, done, hour, in_progress, in_review, minute, to_do


def plan_day(team: Team, day: date, share_of_day: float = 1.0) -> None:
    """Puts the day's chunks of work on the agenda; a day of rest has hardly any."""
    team.planned_to = day
    plan = team.plan
    is_rest = not is_working_day(plan.country, day)
    if is_rest and not (plan.sprint_weeks == 0 and team.chance(0.15)):
        return
    peak = 3.2 if team.chance(0.055) else team.random.uniform(0.35, 1.35)
    share = min(0.72, plan.impediment_share * team.mood * peak)
    off = plan.off_plan_share * team.random.uniform(0.2, 1.8)
    present = [p for p in team.people if not team.chance(0.08 if not is_rest else 0.8)]
    for person in present:
        begin = 9 + team.random.uniform(-0.5, 0.6)
        for length in _lengths(team, share_of_day):
            start = local_instant(plan.timezone, day, round(begin * 12) / 12)
            seconds = round(length * 12) * 300
            kind = team.random.random()
            what = "impediment" if kind < share else "off" if kind < share + off else "planned"
            _put_chunk(team, person, what, start, seconds)
            begin += length + (0.8 if begin < 12.5 <= begin + length else 0.1)
    if team.chance(0.28):
        change = local_instant(plan.timezone, day, round(team.random.uniform(10, 17) * 12) / 12)
        team.at(change, lambda due: change_scope(team, due))
    if plan.sprint_weeks == 0 and day.weekday() == 0:
        morning = local_instant(plan.timezone, day, 8.25)
        team.at(morning, lambda due: refine(team, due))


def _lengths(team: Team, share_of_day: float) -> list[float]:
    total = team.random.uniform(5.4, 7.2) * share_of_day
    cuts = sorted(team.random.uniform(0.2, 0.8) for _ in range(team.random.choice((1, 1, 2))))
    edges = [0.0, *cuts, 1.0]
    lengths = [(b - a) * total for a, b in pairwise(edges)]
    return [length for length in lengths if length >= 0.25]


def _put_chunk(team: Team, person: int, what: str, start: int, seconds: int) -> None:
    def begin(due: int) -> None:
        work(team, person, what, due, seconds)

    team.at(start, begin)


def work(
    team: Team,
    person: int,
    what: str,
    start: int,
    seconds: int,
    *,
    is_entered_at_once: bool = False,
) -> Issue | None:
    """Begins a chunk of work now; its end, its entry and its effects go on the agenda."""
    if what == "impediment":
        issue: Issue | None = an_impediment(team, start)
    elif what == "off":
        issue = an_off_plan_issue(team, start)
    else:
        issue = _planned_issue(team, person, start) or an_off_plan_issue(team, start)
    if issue is None:
        return None
    _begin(team, issue, person, start)
    target = _part_of(team, issue)
    team.efforts[issue.id] = team.efforts.get(issue.id, 4 * 3600) - seconds
    end = start + seconds * 1000
    entry = end if is_entered_at_once else _entry(team, end)
    team.at(entry, lambda due: enter(team, target, person, (start, seconds), due))
    if team.efforts[issue.id] <= 0 and not team.is_done(issue):
        team.at(end, lambda due: finish(team, issue, due))
    return issue


def _entry(team: Team, end: int) -> int:
    """When the work is typed in: at once, in the evening, the next morning, days later."""
    chance = team.random.random()
    if chance < 0.45:
        return end + team.random.randint(0, 15) * minute
    if chance < 0.8:
        return end + team.random.randint(20, 200) * minute
    if chance < 0.95:
        return end + team.random.randint(15, 22) * hour
    return end + team.random.randint(40, 90) * hour


def enter(team: Team, target: Issue, person: int, span: tuple[int, int], at: int) -> None:
    """Types a work log in (span: start, seconds); a few are corrected or deleted later."""
    start, seconds = span
    if team.alive(target.id) is None:
        return
    author = None if team.chance(0.002) else person
    log = team.world.log_work(target, author, start, seconds, at, comment=comment(team))
    chance = team.random.random()
    if chance < 0.01:
        changed = max(900, seconds + team.random.choice((-1800, 1800, 3600)))
        team.at(at + 20 * minute, lambda due: _correct(team, log, changed, due))
    elif chance < 0.014:
        team.at(at + 3 * hour, lambda due: _withdraw(team, log, due))


def _correct(team: Team, log: WorkLog, seconds: int, at: int) -> None:
    if log.id in team.world.work_logs:
        team.world.edit_work_log(log, at, seconds=seconds)


def _withdraw(team: Team, log: WorkLog, at: int) -> None:
    if log.id in team.world.work_logs:
        team.world.delete_work_log(log, at)


def _begin(team: Team, issue: Issue, person: int, at: int) -> None:
    if issue.status == to_do:
        team.world.assign(issue, person, at)
        team.world.transition(issue, in_progress, at, author=person)
    if not issue.is_flagged and team.chance(0.008):
        team.world.set_flag(issue, True, at)
        later = at + team.random.randint(4, 50) * hour
        team.at(later, lambda due: _unflag(team, issue, due))


def _unflag(team: Team, issue: Issue, at: int) -> None:
    if team.alive(issue.id):
        team.world.set_flag(issue, False, at)


def _part_of(team: Team, issue: Issue) -> Issue:
    """The sub-task that is worked on, or the issue itself."""
    parts = [team.world.issues[n] for n in issue.subtasks]
    open_parts = [part for part in parts if not team.is_done(part)]
    return team.random.choice(open_parts) if open_parts and team.chance(0.8) else issue


def _planned_issue(team: Team, person: int, at: int) -> Issue | None:
    """What the person has in hand, or the next one to do; when all is taken, more."""
    held = team.alive(team.in_hand.get(person, 0))
    if held is not None and held.status == in_progress and team.efforts.get(held.id, 0) > 0:
        return held
    if team.plan.sprint_weeks == 0:
        return _from_the_queue(team, person, at)
    if team.sprint is None:
        return None
    issues = [i for i in team.sprint_issues() if i.id not in team.impediments]
    free = [i for i in issues if i.status == to_do]
    started = [i for i in issues if i.status == in_progress and team.efforts.get(i.id, 0) > 0]
    if free and len(started) < 0.7 * len(team.people):
        chosen: Issue | None = free[min(len(free) - 1, int(team.random.expovariate(0.8)))]
    elif started:
        chosen = team.random.choice(started)
    else:
        chosen = add_to_sprint(team, at) if team.chance(0.5) else None
    if chosen is not None:
        team.in_hand[person] = chosen.id
    return chosen


def _from_the_queue(team: Team, person: int, at: int) -> Issue:
    while team.backlog:
        issue = team.alive(team.backlog.pop(0))
        if issue is not None and issue.status == to_do:
            break
    else:
        issue, _ = new_story(team, at - minute)
        team.backlog.remove(issue.id)
    team.in_hand[person] = issue.id
    return issue


def finish(team: Team, issue: Issue, at: int) -> None:
    """Work is over: mostly through review, some straight to done; a few come back."""
    if team.alive(issue.id) is None or issue.status != in_progress:
        return
    for number in issue.subtasks:
        team.world.transition(team.world.issues[number], done, at, author=issue.assignee)
    if team.chance(0.6):
        team.world.transition(issue, in_review, at)
        later = at + team.random.choice((1, 2, 3, 17, 20, 22)) * hour
        team.at(later, lambda due: _accept(team, issue, due))
    else:
        team.world.transition(issue, done, at)
        _perhaps_reopen(team, issue, at)


def _accept(team: Team, issue: Issue, at: int) -> None:
    if team.alive(issue.id) is None or issue.status != in_review:
        return
    team.world.transition(issue, done, at, author=team.anybody())
    _perhaps_reopen(team, issue, at)


def _perhaps_reopen(team: Team, issue: Issue, at: int) -> None:
    if team.chance(0.035):
        later = at + team.random.randint(3, 48) * hour
        team.at(later, lambda due: _reopen(team, issue, due))


def _reopen(team: Team, issue: Issue, at: int) -> None:
    is_current = team.sprint is not None and team.sprint.id in issue.sprints
    if team.alive(issue.id) and team.is_done(issue) and is_current:
        team.efforts[issue.id] = team.random.uniform(0.5, 1.2) * 6 * 3600
        team.world.transition(issue, in_progress, at)


def days_to(team: Team, day: date) -> list[date]:
    """The days not yet planned, up to and including `day`."""
    first = day if team.planned_to is None else team.planned_to + timedelta(days=1)
    return [first + timedelta(days=n) for n in range((day - first).days + 1)]
