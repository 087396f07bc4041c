"""What comes between a demo team and its plan: impediments and unplanned work."""

from bot.simulator import wording
from bot.simulator.state import Issue, type_of_bug, type_of_task
from bot.simulator.team import Team, minute


def an_impediment(team: Team, at: int) -> Issue:
    """An open impediment, or a new one with its nature by label or by field."""
    team.impediments = [n for n in team.impediments if (i := team.alive(n)) and not team.is_done(i)]
    if team.impediments and (len(team.impediments) >= 5 or not team.chance(0.25)):
        return team.world.issues[team.random.choice(team.impediments)]
    weights = team.plan.nature_weights
    nature = team.random.choices(list(weights), list(weights.values()))[0]
    is_known, by_label = team.chance(0.95), team.plan.nature_by == "label"
    labels = ["impediment"]
    if by_label and is_known:
        labels.append(f"nature:{nature.replace(' ', '-')}")
    is_late = team.chance(0.15)
    issue = team.world.create_issue(
        team.project,
        wording.impediment(team.random, nature, team.plan.subjects),
        at - minute,
        kind=team.random.choice((type_of_bug, type_of_task)),
        reporter=team.anybody(),
        labels=[] if is_late else labels,
        nature=nature if is_known and not by_label and not is_late else None,
        components=team.random.choice(((), ("api",), ("core",))),
    )
    if is_late:
        chosen = nature if is_known and not by_label else None
        team.at(at + 20 * minute, lambda due: _classify(team, issue, labels, chosen, due))
    team.efforts[issue.id] = 3600 * team.random.lognormvariate(1.7, 0.7)
    team.impediments.append(issue.id)
    if team.sprint is not None and team.chance(0.12):
        team.world.move_to_sprint(issue, team.sprint, at)
    return issue


def _classify(team: Team, issue: Issue, labels: list[str], nature: str | None, at: int) -> None:
    if team.alive(issue.id) is not None:
        team.world.set_labels(issue, labels, at)
        team.world.set_nature(issue, nature, at)


def an_off_plan_issue(team: Team, at: int) -> Issue:
    team.off_plan = [n for n in team.off_plan if (i := team.alive(n)) and not team.is_done(i)]
    if team.off_plan and not team.chance(0.3):
        return team.world.issues[team.random.choice(team.off_plan)]
    issue = team.world.create_issue(
        team.project,
        wording.off_plan(team.random, team.plan.subjects),
        at - 2 * minute,
        kind=type_of_task,
        reporter=team.anybody(),
    )
    team.efforts[issue.id] = 3600 * team.random.lognormvariate(1.4, 0.6)
    team.off_plan.append(issue.id)
    return issue
